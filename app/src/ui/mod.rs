//! The design system: knows how things look and behave, and nothing of what they mean.
//!
//! Every part renders whole on the server, works without a script where a browser can (links, forms, `<details>`),
//! and carries no inline style: the content security policy forbids them. The gallery shows each in every state.

mod avatar;
mod badge;
mod bar;
mod button;
mod card;
mod check;
mod chip;
mod copy;
mod crumbs;
mod dialog;
mod diff;
mod empty;
mod facts;
mod field;
mod filter;
mod icon;
mod kpi;
mod linked;
mod menu;
mod notice;
mod num;
mod progress;
mod skeleton;
mod steps;
mod table;
mod tabs;
mod time;
mod toast;
mod trend;

pub use avatar::{Avatar, Who, initials};
pub use badge::{Badge, Dot, Tone};
pub use bar::Bar;
pub use button::{Button, LinkButton, Look};
pub use card::Card;
pub use check::{Check, CheckBox};
pub use chip::{Chip, Chips};
pub use copy::CopyButton;
pub use crumbs::{Crumb, Crumbs};
pub use dialog::Dialog;
pub use diff::{DiffRow, DiffTable, Value};
pub use empty::Empty;
pub use facts::{Fact, Facts, Figure, Figures};
pub use field::{Field, FormOf, Select, TextArea, TextField, field_id};
pub use filter::{FilterSelect, submit_form};
pub use icon::{Icon, Size};
pub use kpi::{Kpi, Kpis};
pub use linked::Linked;
pub use menu::{Menu, MenuItem};
pub use notice::{Banner, Callout};
pub use num::{Num, grouped, plural};
pub use progress::{Meter, Progress};
pub use skeleton::Skeleton;
pub use steps::{Mark, Step, Steps};
pub use table::{Delta, Pager, RowLink, SortLink, Table};
pub use tabs::{Tab, Tabs};
pub use time::{Time, TimeStyle, moment, relative, seconds_since, tick_for_times};
pub use toast::{ToastRegion, Toasts};
pub use trend::{Line, Trend};
