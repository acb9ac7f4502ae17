//! One card for each part.

use super::server::{ResetBrand, SetBrandAccent, SetBrandName};
use crate::{
    frame::Logo,
    partner::paths,
    ui::{Badge, Button, Card, Field, Look, TextField, Tone, field_id},
    wire::{Errors, SendForm, Sending},
};
use domain::brand::{BrandField, BrandOrigin, Picture};
use leptos::prelude::*;

/// Where what is shown comes from.
#[component]
fn From(origin: BrandOrigin) -> impl IntoView {
    match origin {
        BrandOrigin::Own => view! { <Badge tone=Tone::Accent>"Yours"</Badge> }.into_any(),
        BrandOrigin::From(name) => view! { <Badge>{format!("From {name}")}</Badge> }.into_any(),
        BrandOrigin::Product => view! { <Badge>"From the start"</Badge> }.into_any(),
    }
}

/// The whole document is read again: its head, the frame and this page show what was changed.
fn renew(sent: Sending) {
    Effect::new(move || {
        if sent.done() {
            let _ = window().location().reload();
        }
    });
}

#[component]
pub fn NameCard(name: String, origin: BrandOrigin) -> impl IntoView {
    let set = Sending::to::<SetBrandName>();
    renew(set);
    let errors = Errors::of(set);
    let is_own = origin == BrandOrigin::Own;
    view! {
        <Card title="Name" end=move || view! { <From origin/> }>
            <div class="body">
                <SendForm to=set class="form">
                    {errors.general("Nothing was saved")}
                    <TextField
                        label="Name"
                        name="name"
                        value=name
                        hint="Stands in the side bar, in the browser’s tab, and above every mail."
                        error=errors.at("name")
                    />
                    <div class="actions">
                        <Button busy=set.pending()>"Save the name"</Button>
                    </div>
                </SendForm>
                {is_own.then(|| view! { <Reset field=BrandField::Name/> })}
            </div>
        </Card>
    }
}

/// What the field shows while nobody has chosen: our own.
const OURS: &str = "#0b6b57";

#[component]
pub fn AccentCard(
    accent: Option<String>,
    shades: Option<(String, String)>,
    origin: BrandOrigin,
) -> impl IntoView {
    let set = Sending::to::<SetBrandAccent>();
    renew(set);
    let errors = Errors::of(set);
    let is_own = origin == BrandOrigin::Own;
    let hint = match (&accent, shades) {
        (Some(accent), Some((light, dark))) => {
            let shade = |shade: &str| match shade == accent {
                true => "as it is".to_owned(),
                false => format!("as {shade}"),
            };
            format!(
                "{accent} was chosen. Light pages show it {}, dark pages {}.",
                shade(&light),
                shade(&dark)
            )
        }
        _ => "Of buttons, links, and what is chosen.".to_owned(),
    };
    view! {
        <Card title="Accent colour" end=move || view! { <From origin/> }>
            <div class="body">
                <SendForm to=set class="form">
                    {errors.general("Nothing was saved")}
                    <Field label="Colour" name="accent" hint=hint error=errors.at("accent")>
                        <input
                            class="input swatch"
                            type="color"
                            id=field_id("accent")
                            name="accent"
                            value=accent.unwrap_or_else(|| OURS.to_owned())
                            aria-describedby=format!("{}-hint", field_id("accent"))
                        />
                    </Field>
                    <div class="actions">
                        <Button busy=set.pending()>"Save the colour"</Button>
                    </div>
                </SendForm>
                {is_own.then(|| view! { <Reset field=BrandField::Accent/> })}
            </div>
        </Card>
    }
}

/// A form that a browser sends by itself: a file goes along with a script or without.
#[component]
pub fn PictureCard(field: BrandField, picture: Option<Picture>, origin: BrandOrigin) -> impl IntoView {
    let (path, label, hint, save) = match field {
        BrandField::Icon => (
            paths::BRANDING_ICON,
            "Picture for the icon",
            "Square; browsers show it in the tab. PNG, SVG or WebP of at most 200 kB.",
            "Save the icon",
        ),
        _ => (
            paths::BRANDING_LOGO,
            "Picture for the logo",
            "PNG, SVG or WebP of at most 200 kB. A wide one stands alone, another beside the name. Mail shows a PNG only.",
            "Save the logo",
        ),
    };
    let errors = Errors::of(Sending::at(path));
    let name = field.slug();
    let described = format!("{name}-hint");
    let is_own = origin == BrandOrigin::Own;
    let now = picture.map(|logo| {
        view! { <p class="brand-now"><Logo logo src=logo.address()/></p> }
    });
    view! {
        <Card title=field.label() end=move || view! { <From origin/> }>
            <div class="body">
                {now}
                <form class="form" method="post" action=path enctype="multipart/form-data">
                    {errors.general("Nothing was saved")}
                    <Field label name hint error=errors.at(name)>
                        <input
                            class="input file"
                            type="file"
                            id=field_id(name)
                            name=name
                            accept="image/png,image/svg+xml,image/webp"
                            required
                            aria-describedby=described
                        />
                    </Field>
                    <div class="actions">
                        <Button>{save}</Button>
                    </div>
                </form>
                {is_own.then(|| view! { <Reset field/> })}
            </div>
        </Card>
    }
}

#[component]
fn Reset(field: BrandField) -> impl IntoView {
    let reset = Sending::to::<ResetBrand>();
    renew(reset);
    view! {
        {Errors::of(reset).any("It is still there")}
        <SendForm to=reset class="form after">
            <input type="hidden" name="field" value=field.slug()/>
            <div class="actions">
                <Button small=true look=Look::Quiet icon="undo-2" busy=reset.pending()>
                    "Use the inherited one"<span class="aloud">{format!(", for the {}", field.label().to_lowercase())}</span>
                </Button>
            </div>
        </SendForm>
    }
}
