//! The frame around the pages of a portal: side bar, top bar, the page's head, and what to show while a page's data
//! is on its way or could not be had.

mod alone;
mod brand;
mod load;
mod page;
mod partner;
mod places;
mod portal;
mod session;
mod side;
mod top;
mod visit;

pub use alone::{AccountOf, ChosenPassword, FormPage, SpentLink, load_link};
pub use brand::{Brand, Logo, face as brand_face};
pub use load::{Elsewhere, Failed, load, load_alone, load_two, signed};
pub use page::{MessagePage, Page};
pub use partner::{PartnerPortal, PartnerSide};
pub use portal::Portal;
pub use session::{
    SessionAnswers, is_on, may, now_here, partner_may, partner_session, session_view, use_tenant,
};
pub use side::Side;
pub use visit::VisitBar;
