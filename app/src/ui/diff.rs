//! What was and what is now, attribute by attribute.

use super::Table;
use leptos::prelude::*;

/// The table around rows of differences, its columns named after the two points.
#[component]
pub fn DiffTable(
    #[prop(into)] label: String,
    #[prop(into)] was: String,
    #[prop(into)] now: String,
    /// The head of the column of boxes; none: nothing can be chosen.
    #[prop(optional_no_strip)]
    choose: Option<ViewFnOnce>,
    children: Children,
) -> impl IntoView {
    view! {
        <Table label class="diff">
            <thead>
                <tr>
                    {choose.map(|choose| view! { <th scope="col" class="fit">{choose.run()}</th> })}
                    <th scope="col">"Attribute"</th>
                    <th scope="col">{was}</th>
                    <th scope="col">{now}</th>
                </tr>
            </thead>
            <tbody>{children()}</tbody>
        </Table>
    }
}

/// One attribute. Empty values are said in words: an empty cell could mean anything.
#[component]
pub fn DiffRow(
    #[prop(into)] name: String,
    was: Vec<String>,
    now: Vec<String>,
    /// The box, where something can be chosen.
    #[prop(optional_no_strip)]
    choose: Option<ViewFnOnce>,
    /// What to say where there was or is nothing.
    #[prop(default = "empty")]
    nothing: &'static str,
    /// Why it cannot be put back.
    #[prop(optional_no_strip)]
    why: Option<String>,
) -> impl IntoView {
    let fixed = why.is_some();
    view! {
        <tr class:fixed=fixed>
            {choose.map(|choose| view! { <td class="fit">{choose.run()}</td> })}
            <th scope="row" class="attr">{name}</th>
            <td class="was"><Value lines=was nothing/></td>
            <td class="now">
                <Value lines=now nothing/>
                {why.map(|why| view! { <p class="why">{why}</p> })}
            </td>
        </tr>
    }
}

/// A value: one line, a list, or the word that there is none.
#[component]
pub fn Value(lines: Vec<String>, #[prop(default = "empty")] nothing: &'static str) -> impl IntoView {
    let mut lines = lines;
    match lines.len() {
        0 => view! { <span class="nothing">{nothing}</span> }.into_any(),
        1 => view! { <span>{lines.remove(0)}</span> }.into_any(),
        _ => view! { <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }
            .into_any(),
    }
}
