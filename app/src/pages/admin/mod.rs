//! The pages for admins: everybody's accounts.

mod acts;
mod badge;
mod forms;
mod new;
mod search;
mod store;
mod user;
mod users;

pub(crate) use store::StorePage;
pub(crate) use user::UserPage;
pub(crate) use users::UsersPage;
