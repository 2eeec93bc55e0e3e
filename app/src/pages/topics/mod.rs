//! The page about topics.

mod edit;
mod list;

pub(crate) use list::TopicsPage;
