//! Icons from one sprite, so that they cost the WASM nothing and the browser one request.

use leptos::prelude::*;

/// The sprite's address changes with its content, so that browsers may keep it for good.
const SPRITE: &str = {
    const HREF: [u8; 27] = {
        let mut href = *b"/icons.svg?v=0000000000000#";
        let mut hash = fnv(include_bytes!("../../../public/icons.svg"));
        let mut at = 13;
        while at < 26 {
            href[at] = b"0123456789abcdef"[(hash & 15) as usize];
            hash >>= 4;
            at += 1;
        }
        href
    };
    match std::str::from_utf8(&HREF) {
        Ok(href) => href,
        Err(_) => panic!("the sprite's address is ASCII"),
    }
};

const fn fnv(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Size {
    Small,
    #[default]
    Medium,
    Large,
}

/// A picture beside words, hidden from screen readers: say it in the words.
#[component]
pub fn Icon(
    /// A name in `xtask/js/vendor.mjs`.
    name: &'static str,
    #[prop(optional)] size: Size,
    /// Turns, for work that is under way.
    #[prop(optional)]
    spin: bool,
) -> impl IntoView {
    let class = match (size, spin) {
        (Size::Medium, false) => "icon",
        (Size::Medium, true) => "icon spin",
        (Size::Small, false) => "icon s",
        (Size::Small, true) => "icon s spin",
        (Size::Large, _) => "icon l",
    };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <use_ href=format!("{SPRITE}{name}")></use_>
        </svg>
    }
}
