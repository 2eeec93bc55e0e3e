//! How well `local` files: two collections of labelled texts, a part of each held out, and what is counted on them.
//!
//! It goes through the API of `classification` that the worker uses. `scripts/eval-filing` prints
//! everything; the tests hold the bars.

pub mod calibration;
pub mod draws;
pub mod figures;
pub mod report;
pub mod texts;
