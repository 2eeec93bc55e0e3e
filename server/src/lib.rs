//! Face 2: the Axum server. It composes the parts, serves the JSON API and renders the UI.
//!
//! A face holds no rule: a handler takes the caller and typed input, calls one service method and
//! turns the answer into JSON.

#![recursion_limit = "256"]

mod api;
pub mod backup;
pub mod commands;
pub mod healthcheck;
mod http;
pub mod openapi;
mod problem;
mod router;
pub mod secrets;
pub mod serve;
mod set_up;
mod spawner;

pub use router::{AppState, router};
