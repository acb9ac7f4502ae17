//! Where one is signed in, and the way to end that.

use super::server::{EndOtherSessions, EndSession};
use crate::{
    partner::settle,
    ui::{Badge, Button, Card, Table, Time, TimeStyle, Tone},
    wire::{Errors, SendForm, Sending},
};
use domain::account::SessionRow;
use leptos::prelude::*;

#[component]
pub fn Sessions(sessions: Vec<SessionRow>, again: Callback<()>) -> impl IntoView {
    let end = Sending::to::<EndSession>();
    let others = Sending::to::<EndOtherSessions>();
    settle(end, again, "That session has ended");
    settle(others, again, "Every other session has ended");
    let several = sessions.len() > 1;
    let rows = sessions
        .into_iter()
        .map(|session| {
            let label = format!("Sign out {}", session.device);
            let leave = (!session.here).then(|| {
                view! {
                    <SendForm to=end>
                        <input type="hidden" name="mark" value=session.mark/>
                        <Button small=true attr:aria-label=label busy=end.pending()>"Sign out"</Button>
                    </SendForm>
                }
            });
            view! {
                <tr>
                    <th scope="row">
                        <span class="named">
                            {session.device}
                            {session.here.then(|| view! { <Badge tone=Tone::Good>"this one"</Badge> })}
                        </span>
                    </th>
                    <td class="num muted">{session.address}</td>
                    <td class="wide"><Time at=session.begun/></td>
                    <td class="nowrap"><Time at=session.used style=TimeStyle::Relative/></td>
                    <td class="right fit">{leave}</td>
                </tr>
            }
        })
        .collect_view();
    let all = move || {
        several.then(|| {
            view! {
                <SendForm to=others>
                    <Button small=true busy=others.pending()>"Sign out everywhere else"</Button>
                </SendForm>
            }
        })
    };
    view! {
        <Card title="Where you are signed in" end=all>
            {Errors::of(end).any("That session goes on")}
            <Table label="Sessions">
                <thead>
                    <tr>
                        <th scope="col">"Device"</th>
                        <th scope="col">"Address"</th>
                        <th scope="col" class="wide">"Signed in"</th>
                        <th scope="col">"Last used"</th>
                        <th scope="col" class="right"><span class="aloud">"Sign out"</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
}
