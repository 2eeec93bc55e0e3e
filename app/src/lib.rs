//! The Leptos UI: pages rendered on the server that work without JavaScript, hydrated in the
//! browser to move by themselves.
//!
//! Nothing here holds a rule. Pages call server functions, and a server function calls the same
//! service method as the JSON handler for that act. Only `server_context` knows the services.

#![recursion_limit = "256"]

mod error;
mod format;
mod live;
mod pages;
mod response;
mod routes;
#[cfg(feature = "ssr")]
mod server_context;
mod server_fns;
mod shell;
mod ui;
mod uploads;

pub use error::{AppError, FieldMessage, http_status};
pub use routes::App;
pub use shell::shell;
