//! The mark and the name: the product's, or those that a partner chose.

use crate::{brand, ui::Avatar};
use domain::brand::{BrandView, Picture};
use leptos::prelude::*;

/// A logo is at most so wide and high, on a page.
const LOGO: (u32, u32) = (168, 28);

#[component]
pub fn Brand() -> impl IntoView {
    let shown = brand::shown();
    let to_start = move || shown.with(|brand| format!("{}, to the start", brand.name()));
    view! { <a class="brand" href="/" aria-label=to_start>{move || face(shown.get())}</a> }
}

/// The same without a way to anywhere, for a picture of it.
pub fn face(brand: BrandView) -> AnyView {
    let name = brand.name().to_owned();
    if let Some(logo) = brand.logo {
        let name = (!logo.is_wide()).then(|| view! { <span>{name}</span> });
        return view! { <Logo logo src=logo.address()/> {name} }.into_any();
    }
    match brand.name {
        // Somebody else's name does not stand beside our mark; letters would be read as part of the name.
        Some(name) => {
            view! { <Avatar name=name.clone() icon=Some("building-2")/> <span>{name}</span> }.into_any()
        }
        None => view! { <Mark/> <span>{name}</span> }.into_any(),
    }
}

/// Its size is known before it is there, so nothing moves when it comes.
#[component]
pub fn Logo(logo: Picture, src: String) -> impl IntoView {
    let (width, height) = logo.within(LOGO.0, LOGO.1);
    view! { <img src=src alt="" width=width.to_string() height=height.to_string()/> }
}

#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" fill="none" aria-hidden="true">
            <path
                d="M12 2.5c4.500 3 4.500 6 0 9.500-4.500 3.500-4.500 6.500 0 9.500"
                stroke="currentColor"
                stroke-width="2.6"
                stroke-linecap="round"
            ></path>
            <path
                d="M12 12c2.200 1.800 3.600 3.300 4 5M12 12C9.800 10.200 8.400 8.700 8 7"
                stroke="currentColor"
                stroke-width="2.6"
                stroke-linecap="round"
                opacity=".45"
            ></path>
        </svg>
    }
}
