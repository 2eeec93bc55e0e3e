//! The pages about documents.

mod facts;
mod filter;
mod list;
mod preview;
mod row;
mod topics;
mod upload;
mod view;

pub(crate) use list::DocumentsPage;
pub(crate) use view::DocumentPage;
