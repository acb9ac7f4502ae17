//! What was wrong with a form, told at the field that it is about, or above them all.

use super::Sending;
use crate::{
    error::AppError,
    ui::{Callout, Linked, Tone},
};
use leptos::prelude::*;

/// An answer that may name a field.
#[derive(Clone, Copy)]
pub struct Errors(pub Signal<Option<AppError>>);

impl Errors {
    /// Those of one form.
    pub fn of(action: Sending) -> Self {
        Self(Signal::derive(move || action.error()))
    }

    /// What is wrong with a field.
    pub fn at(self, field: &'static str) -> Signal<Option<String>> {
        let error = self.0;
        Signal::derive(move || {
            error.with(|error| {
                error.as_ref().filter(|e| e.field() == Some(field)).map(|e| e.message().to_owned())
            })
        })
    }

    /// What is wrong, but with no field of its own; for the place above the fields.
    pub fn general(self, title: &'static str) -> AnyView {
        self.told(title, false)
    }

    /// Whatever is wrong; for a form that has nothing to fill in.
    pub fn any(self, title: &'static str) -> AnyView {
        self.told(title, true)
    }

    fn told(self, title: &'static str, fields_too: bool) -> AnyView {
        let said = move || {
            self.0.get().filter(|error| fields_too || error.field().is_none()).map(|error| {
                let text = error.message().to_owned();
                view! { <Callout tone=Tone::Bad title><Linked text/></Callout> }
            })
        };
        said.into_any()
    }
}
