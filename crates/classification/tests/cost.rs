//! What filing costs: what is expected beforehand, and what the provider counted.

#![allow(clippy::expect_used, reason = "helpers of tests may panic as tests do")]

mod support;

use classification::{Outcome, Request, Spent, TopicOption, build};
use domain::ProviderName;
use serde_json::Value;
use support::{REMOTE, TEXT, classifier, config, envelope, server, topics, writes, written};
use wiremock::{MockServer, ResponseTemplate};

fn request<'a>(text: &'a str, topics: &'a [TopicOption]) -> Request<'a> {
    Request {
        text,
        file_name: "may.pdf",
        topics,
        system_prompt: None,
        knowledge: None,
    }
}

async fn outcome(provider: ProviderName, server: &MockServer) -> Outcome {
    let topics = topics();
    classifier(provider, server)
        .classify(&request(TEXT, &topics))
        .await
}

#[tokio::test]
async fn every_provider_is_believed_how_much_it_took() {
    for provider in REMOTE {
        let server = writes(provider, &written(&[("Energy", "electricity bill")])).await;
        let outcome = outcome(provider, &server).await;
        assert!(outcome.decision.is_ok());
        assert_eq!(outcome.spent, Spent::Tokens(540), "{provider:?}");
    }
}

#[tokio::test]
async fn what_came_from_the_providers_cache_counts_too() {
    let mut answer = envelope(ProviderName::Anthropic, &written(&[]));
    answer["usage"]["cache_read_input_tokens"] = Value::from(1_000);
    answer["usage"]["cache_creation_input_tokens"] = Value::from(200);
    let server = server(ResponseTemplate::new(200).set_body_json(answer)).await;
    let outcome = outcome(ProviderName::Anthropic, &server).await;
    assert_eq!(outcome.spent, Spent::Tokens(1_740));
}

#[tokio::test]
async fn an_answer_without_a_count_was_an_answer() {
    for provider in REMOTE {
        let mut answer = envelope(provider, &written(&[("Energy", "electricity bill")]));
        for field in ["usage", "prompt_eval_count"] {
            answer.as_object_mut().expect("an object").remove(field);
        }
        let server = server(ResponseTemplate::new(200).set_body_json(answer)).await;
        let outcome = outcome(provider, &server).await;
        assert_eq!(outcome.spent, Spent::Unknown, "{provider:?}");
    }
}

#[tokio::test]
async fn an_answer_of_no_use_costs_as_much() {
    for provider in REMOTE {
        let server = writes(provider, "File it under Energy.").await;
        let outcome = outcome(provider, &server).await;
        assert!(outcome.decision.is_err());
        assert_eq!(outcome.spent, Spent::Tokens(540), "{provider:?}");
    }
}

#[tokio::test]
async fn without_an_answer_it_cost_nothing() {
    for provider in REMOTE {
        let server = server(ResponseTemplate::new(500)).await;
        let outcome = outcome(provider, &server).await;
        assert!(outcome.decision.is_err());
        assert_eq!(outcome.spent, Spent::Nothing, "{provider:?}");
    }
}

#[test]
fn the_estimate_grows_with_the_text_up_to_what_is_sent() {
    let topics = topics();
    for provider in REMOTE {
        let classifier = build(config(provider, "http://127.0.0.1:1")).expect("the settings");
        let of = |text: &str| classifier.estimate(&request(text, &topics));
        let (short, long) = (of(TEXT), of(&TEXT.repeat(50)));
        assert!(short > 540, "{provider:?}: {short}");
        assert!(long > short + 1_000, "{provider:?}: {long}");
        // Of a long text only head and tail are sent.
        assert_eq!(of(&TEXT.repeat(5_000)), of(&TEXT.repeat(50_000)));
    }
}

#[test]
fn what_is_not_sent_is_not_expected_to_cost() {
    let topics = topics();
    let remote = build(config(ProviderName::Openai, "http://127.0.0.1:1")).expect("the settings");
    assert_eq!(remote.estimate(&request("12 34", &topics)), 0);
    assert_eq!(remote.estimate(&request(TEXT, &[])), 0);
    let local = build(config(ProviderName::Local, "")).expect("the settings");
    assert_eq!(local.estimate(&request(TEXT, &topics)), 0);
}
