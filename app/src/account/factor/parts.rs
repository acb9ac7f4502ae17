//! What the set-up shows, whether one chose it or a partner asks for it.

use crate::{
    ui::{Banner, Button, CopyButton, Look, TextField, Tone},
    wire::Errors,
};
use domain::account::{RecoveryCodes, SecondFactorSetUp};
use leptos::prelude::*;

/// The picture to scan, the letters to type, and the field for the first code.
#[component]
pub fn SetUpFields(set_up: SecondFactorSetUp, errors: Errors) -> impl IntoView {
    let SecondFactorSetUp { secret, uri, picture } = set_up;
    let size = picture.size;
    let plain = secret.replace(' ', "");
    view! {
        <ol class="set-up">
            <li>
                <p>
                    "Open an authenticator app on your phone, such as Microsoft Authenticator, Google Authenticator, Aegis or the one of your password manager, and add an account with this picture."
                </p>
                // White with black, in the dark as well: many readers know nothing else.
                <svg class="qr" viewBox=format!("0 0 {size} {size}") role="img" aria-label="QR code for your authenticator app">
                    <rect class="paper" width=size height=size></rect>
                    <path class="ink" d=picture.path></path>
                </svg>
                <p class="small muted">
                    "Is the app on this very device? " <a href=uri>"Open it"</a> ". Or type this secret:"
                </p>
                <div class="once">
                    <input class="input mono" type="text" readonly aria-label="Secret" value=secret/>
                    <CopyButton text=plain what="secret"/>
                </div>
            </li>
            <li>
                <TextField
                    label="Enter the six figures that it shows now"
                    name="code"
                    autocomplete="one-time-code"
                    error=errors.at("code")
                    mono=true
                    autofocus=true
                />
            </li>
        </ol>
    }
}

/// The codes, this once.
#[component]
pub fn CodesView(codes: RecoveryCodes) -> impl IntoView {
    let all = codes.0.join("\n");
    let file = format!("data:text/plain;charset=utf-8,{}", crate::reply::escape(&format!("{all}\n")));
    let list = codes.0.into_iter().map(|code| view! { <li>{code}</li> }).collect_view();
    view! {
        <p>"Each of these signs you in once, together with your password, when your phone is not at hand."</p>
        <ul class="codes mono" aria-label="Recovery codes">{list}</ul>
        <div class="actions">
            <a class="btn" href=file download="holdfast-recovery-codes.txt">"Save as a file"</a>
            <Print/>
            <CopyButton text=all what="the codes"/>
        </div>
        <Banner tone=Tone::Warn title="They are shown only now">
            "No copy is kept that could be shown again. Put them where you keep what must not be lost: a password manager, or paper in a safe."
        </Banner>
    }
}

#[component]
fn Print() -> impl IntoView {
    view! {
        <span class="scripted">
            <Button look=Look::Quiet kind="button" on:click=move |_| { let _ = window().print(); }>"Print"</Button>
        </span>
    }
}
