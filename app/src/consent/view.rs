//! What somebody with the link is asked, and what came of it.

use crate::{
    brand,
    frame::Brand,
    ui::{Banner, Callout, Card, Icon, Table, Time, Tone},
};
use domain::{
    connection::{ConsentDone, ConsentOffer},
    permission::NEEDS,
};
use leptos::prelude::*;
use leptos_meta::Title;

#[component]
pub fn ConsentOfferView(offer: ConsentOffer) -> impl IntoView {
    let ConsentOffer { organization, partner, support, until, data_location, problem, go } = offer;
    let product = brand::name();
    let heading = format!("Let {product} back up the Entra ID of {organization}");
    let ask = match support {
        Some(address) => {
            let href = format!("mailto:{address}");
            view! { "Questions? Ask " {partner.clone()} ": " <a href=href>{address}</a> "." }.into_any()
        }
        None => view! { "Questions? Ask " {partner.clone()} "." }.into_any(),
    };
    view! {
        <Title text=heading.clone()/>
        <main class="consent" id="main">
            <Brand/>
            <h1>{heading}</h1>
            <p class="lead">
                <b>{partner}</b> " looks after " <b>{organization}</b>
                " and asks you to connect its Microsoft Entra directory. " {product.clone()} " then keeps backups of who and what is in it, and puts back what was lost when somebody asks for it."
            </p>
            {problem.map(|text| view! { <Callout tone=Tone::Bad title="Not connected">{text}</Callout> })}
            <Card title="What happens next">
                <ol class="guide">
                    <li>
                        <b>"You sign in at Microsoft"</b>
                        <p>"As a Global Administrator or a Privileged Role Administrator of the directory. " {product.clone()} " never sees your password."</p>
                    </li>
                    <li>
                        <b>"Microsoft shows the permissions, and you decide"</b>
                        <p>"They are the ones below. Nothing is granted before you accept."</p>
                    </li>
                    <li>
                        <b>{product} " signs in, tries what was granted, and makes the first backup"</b>
                        <p>"Connecting changes nothing in the directory but the app that you let in."</p>
                    </li>
                </ol>
                <div class="body go">
                    <a class="btn primary tall" href=go rel="external">"Continue to Microsoft" <Icon name="arrow-right"/></a>
                    <small class="muted">"The link is good once, until " <Time at=until/> "."</small>
                </div>
            </Card>
            <Card title="For backups: it reads"><Needs restore=false/></Card>
            <Card title="For restores: it writes, and only when somebody starts one"><Needs restore=true/></Card>
            <Banner title="You can take it back at any time">
                "In the Entra admin centre, under Enterprise applications, remove the app or single permissions. Backups that exist stay with your provider." {data_location.map(|place| format!(" They are kept in: {place}."))}
            </Banner>
            <p class="muted">{ask}</p>
        </main>
    }
}

#[component]
fn Needs(restore: bool) -> impl IntoView {
    let rows = NEEDS
        .iter()
        .filter(|need| need.restore == restore)
        .map(|need| {
            view! {
                <tr>
                    <th scope="row"><span class="mono">{need.permission.least()}</span></th>
                    <td>{need.why}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label=if restore { "Permissions for restores" } else { "Permissions for backups" }>
            <thead class="aloud"><tr><th scope="col">"Permission"</th><th scope="col">"Why"</th></tr></thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}

#[component]
pub fn ConsentDoneView(done: ConsentDone) -> impl IntoView {
    let ConsentDone { organization, partner, tenant, domain, can_restore } = done;
    let rights = if can_restore {
        "Everything that backups and restores need is granted."
    } else {
        "Backups run. Restores need more than was granted; their plan names what is missing before anything is written."
    };
    view! {
        <Title text="Connected"/>
        <main class="message" id="main" tabindex="-1">
            <Brand/>
            <h1>{format!("{tenant} is connected")}</h1>
            <p>
                "The first backup of " <span class="mono">{domain}</span> " for " <b>{organization}</b> " has begun. " {rights}
            </p>
            <p>{format!("You need not do anything else; {partner} sees it too. You may close this page.")}</p>
            <div class="actions"><a class="btn" href="/" rel="external">"To " {brand::name()}</a></div>
        </main>
    }
}
