//! The pages about documents.

mod bulk;
mod facts;
mod filter;
mod layout;
mod list;
mod preview;
mod relatives;
mod row;
mod topics;
mod upload;
mod view;

pub(crate) use list::DocumentsPage;
pub(crate) use view::DocumentPage;
