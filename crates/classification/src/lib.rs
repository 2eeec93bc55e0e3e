//! Filing: which of its owner's topics a document belongs under, and which words say so.
//!
//! One trait, [`Classifier`], and a factory, [`build`]. `local` is our own and needs no key and no
//! network; the others ask a model over HTTP. What a provider answers is never believed as it is:
//! `guard` alone decides what leaves this crate, the same way for every provider. Nothing here
//! reads a clock, touches the database or knows where settings come from.

mod answer;
mod anthropic;
mod calibration;
mod config;
mod excerpt;
mod factory;
mod faults;
mod features;
mod guard;
mod http;
mod knowledge;
mod lmstudio;
mod local;
mod ollama;
mod openai;
mod profile;
mod prompt;
mod provider;
mod quote;
mod remote;
mod retry;
mod scoring;
mod stop_words;
mod subjects;
mod tls;
mod tokens;

pub use config::Config;
pub use factory::build;
pub use features::{Analysis, Feature, MAX_FEATURES, MAX_GRAM_BYTES, features};
pub use knowledge::{Knowledge, TopicKnowledge};
pub use local::likeliest;
pub use provider::{Classifier, Decision, Failure, Filed, Outcome, Request, Spent, TopicOption};
pub use quote::locate;
