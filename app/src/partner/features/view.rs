//! The nine features: how each stands, where that comes from, and what is set here.

use super::server::SaveFeatures;
use crate::{
    frame::partner_may,
    partner::parts::settle,
    ui::{Badge, Button, Card, Look, Table, Tone},
    wire::{Errors, SendForm, Sending},
};
use domain::{
    access::PartnerAction,
    feature::{FeatureLevel, FeatureRow, FeaturesView, setting_words},
};
use leptos::prelude::*;

#[component]
pub fn FeaturesForm(features: FeaturesView, again: Callback<()>) -> impl IntoView {
    let save = Sending::to::<SaveFeatures>();
    settle(save, again, "Saved");
    let errors = Errors::of(save);
    let editable = partner_may(PartnerAction::ManageFeatures);
    let (level, id) = match features.level {
        FeatureLevel::Plan => ("plan", features.id),
        FeatureLevel::Partner => ("partner", features.id),
        FeatureLevel::Organization => ("organization", features.id),
    };
    let whose = match features.level {
        FeatureLevel::Organization => "this customer",
        FeatureLevel::Plan => "this plan",
        FeatureLevel::Partner => "this partner",
    };
    let rows = features.rows.into_iter().map(|row| view! { <Row row editable whose/> }).collect_view();
    let table = view! {
        <Table label="Features" class="features">
            <thead>
                <tr>
                    <th scope="col">"Feature"</th>
                    <th scope="col">"Now"</th>
                    {editable.then(|| view! { <th scope="col" class="fit">"Set here"</th> })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    };
    if !editable {
        return view! { <Card>{table}</Card> }.into_any();
    }
    view! {
        <Card>
            <SendForm to=save>
                {errors.any("Nothing was changed")}
                <input type="hidden" name="level" value=level/>
                <input type="hidden" name="id" value=id.to_string()/>
                {table}
                <footer class="row">
                    <Button look=Look::Primary busy=save.pending()>"Save features"</Button>
                    <span class="muted">"What is switched off is refused at once, in the portal and to API tokens."</span>
                </footer>
            </SendForm>
        </Card>
    }
    .into_any()
}

#[component]
fn Row(row: FeatureRow, editable: bool, whose: &'static str) -> impl IntoView {
    let FeatureRow { feature, own, inherited, from } = row;
    let on = own.unwrap_or(inherited);
    let (tone, word) = if on { (Tone::Good, "On") } else { (Tone::Plain, "Off") };
    let source = if own.is_some() { format!("set for {whose}") } else { from.clone() };
    let label = format!("{}, set here", feature.label());
    let inherit = format!("Inherit: {}", if inherited { "on" } else { "off" });
    let options = [(None, inherit), (Some(true), "On".to_owned()), (Some(false), "Off".to_owned())]
        .map(|(setting, text)| {
            let value = if setting.is_some() { setting_words(setting) } else { "" };
            view! { <option value=value selected=setting == own>{text}</option> }
        })
        .collect_view();
    view! {
        <tr>
            <th scope="row">
                <b>{feature.label()}</b>
                <small class="faint block">{feature.explanation()}</small>
            </th>
            <td>
                <Badge tone>{word}</Badge>
                <small class="faint block">{source}</small>
            </td>
            {editable
                .then(|| {
                    view! {
                        <td class="fit">
                            <select class="input" name=format!("features[{}]", feature.slug()) aria-label=label>
                                {options}
                            </select>
                        </td>
                    }
                })}
        </tr>
    }
}
