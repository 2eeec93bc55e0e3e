//! What happens when a provider is busy, broken, slow, wrong or not there.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod support;

use classification::{Config, Failure, build};
use domain::ProviderName;
use serde_json::json;
use std::time::{Duration, Instant};
use support::{
    KEY, REMOTE, TEXT, calls, classifier, classify, config, envelope, server, writes, written,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

const SECRET: &str = "internal detail of the provider";

fn good(provider: ProviderName) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(envelope(
        provider,
        &written(&[("Energy", "electricity bill")]),
    ))
}

/// Answers like `first` so many times, then well.
async fn recovers(provider: ProviderName, first: ResponseTemplate, times: u64) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(first)
        .up_to_n_times(times)
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(good(provider))
        .mount(&server)
        .await;
    server
}

async fn failure(provider: ProviderName, answer: ResponseTemplate) -> (Failure, usize) {
    let server = server(answer).await;
    let failure = classify(classifier(provider, &server).as_ref(), TEXT)
        .await
        .unwrap_err();
    assert!(
        !failure.to_string().contains(SECRET) && !failure.to_string().contains(KEY),
        "{failure}"
    );
    (failure, calls(&server).await)
}

#[tokio::test]
async fn too_many_requests_and_faults_are_tried_again() {
    for provider in REMOTE {
        for status in [429, 500, 503, 529] {
            let busy = ResponseTemplate::new(status)
                .insert_header("retry-after", "0")
                .set_body_string(SECRET);
            let server = recovers(provider, busy, 2).await;
            let decision = classify(classifier(provider, &server).as_ref(), TEXT)
                .await
                .unwrap();
            assert_eq!(decision.topics.len(), 1, "{provider:?} {status}");
            assert_eq!(calls(&server).await, 3);
        }
    }
}

#[tokio::test]
async fn the_wait_that_a_provider_asks_for_is_kept() {
    let provider = ProviderName::Anthropic;
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "1");
    let server = recovers(provider, busy, 1).await;
    let patient = Config {
        max_wait: Duration::from_secs(2),
        ..config(provider, &server.uri())
    };
    let began = Instant::now();
    classify(build(patient).unwrap().as_ref(), TEXT)
        .await
        .unwrap();
    assert!(began.elapsed() >= Duration::from_secs(1));
    assert_eq!(calls(&server).await, 2);
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_said_at_once() {
    let date = ResponseTemplate::new(503)
        .insert_header("date", "Sun, 06 Nov 1994 08:00:00 GMT")
        .insert_header("retry-after", "Sun, 06 Nov 1994 08:10:00 GMT");
    let seconds = ResponseTemplate::new(429).insert_header("retry-after", "600");
    for answer in [seconds, date] {
        let (failure, calls) = failure(ProviderName::Openai, answer).await;
        assert_eq!(calls, 1);
        assert!(
            matches!(&failure, Failure::Unavailable(s) if s.contains("10 minutes")),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn it_gives_up_after_the_last_retry() {
    for provider in REMOTE {
        let (failure, calls) =
            failure(provider, ResponseTemplate::new(500).set_body_string(SECRET)).await;
        assert_eq!(calls, 3, "one try and two retries");
        assert!(
            matches!(&failure, Failure::Unavailable(s) if s.contains("3 times")),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn a_slow_provider_runs_into_the_timeout() {
    let server = server(good(ProviderName::Ollama).set_delay(Duration::from_secs(30))).await;
    let hasty = Config {
        timeout: Duration::from_millis(50),
        retries: 1,
        ..config(ProviderName::Ollama, &server.uri())
    };
    let began = Instant::now();
    let failure = classify(build(hasty).unwrap().as_ref(), TEXT)
        .await
        .unwrap_err();
    assert!(
        matches!(&failure, Failure::Unavailable(s) if s.contains("too long")),
        "{failure:?}"
    );
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_unavailable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for provider in REMOTE {
        let classifier = build(config(provider, &format!("http://{address}"))).unwrap();
        let failure = classify(classifier.as_ref(), TEXT).await.unwrap_err();
        assert!(
            matches!(&failure, Failure::Unavailable(s) if s.contains("can't be reached")),
            "{failure:?}"
        );
        assert!(!failure.to_string().contains(&address.to_string()));
        assert!(matches!(
            classifier.health().await,
            Err(Failure::Unavailable(_))
        ));
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let mut served = 0;
        while served < 3 {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut buffer = [0; 64 * 1024];
            let _ = socket.read(&mut buffer).await.unwrap();
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900\r\n\r\n{\"content\": [";
            socket.write_all(head.as_bytes()).await.unwrap();
            served += 1;
        }
        served
    });
    let classifier = build(config(
        ProviderName::Anthropic,
        &format!("http://{address}"),
    ))
    .unwrap();
    let failure = classify(classifier.as_ref(), TEXT).await.unwrap_err();
    assert!(
        matches!(&failure, Failure::Unavailable(s) if s.contains("broke off")),
        "{failure:?}"
    );
    assert_eq!(server.await.unwrap(), 3);
}

#[tokio::test]
async fn https_speaks_tls_without_a_provider_installed_by_the_process() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut first = [0; 1];
        socket.read_exact(&mut first).await.unwrap();
        first[0]
    });
    let once = Config {
        retries: 0,
        ..config(ProviderName::Openai, &format!("https://{address}"))
    };
    let failure = classify(build(once).unwrap().as_ref(), TEXT)
        .await
        .unwrap_err();
    assert!(matches!(&failure, Failure::Unavailable(_)), "{failure:?}");
    assert_eq!(server.await.unwrap(), 0x16, "a TLS handshake record");
}

#[tokio::test]
async fn what_no_retry_helps_is_rejected_at_once() {
    for (status, words) in [
        (401, "API key"),
        (403, "API key"),
        (404, "some-model"),
        (400, "did not accept"),
    ] {
        for provider in REMOTE {
            let (failure, calls) = failure(
                provider,
                ResponseTemplate::new(status).set_body_string(SECRET),
            )
            .await;
            assert_eq!(calls, 1, "{provider:?} {status}");
            assert!(
                matches!(&failure, Failure::Rejected(s) if s.contains(words)),
                "{failure:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_account_without_credit_is_not_tried_again() {
    let openai = json!({"error": {"code": "insufficient_quota", "message": SECRET}});
    let anthropic = json!({"type": "error", "error": {"type": "invalid_request_error",
        "message": "Your credit balance is too low to access the API."}});
    for (provider, status, body) in [
        (ProviderName::Openai, 429, openai),
        (ProviderName::Anthropic, 400, anthropic),
    ] {
        let (failure, calls) =
            failure(provider, ResponseTemplate::new(status).set_body_json(body)).await;
        assert_eq!(calls, 1);
        assert!(
            matches!(&failure, Failure::Rejected(s) if s.contains("no credit")),
            "{failure:?}"
        );
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = writes(ProviderName::Openai, &written(&[])).await;
    let (failure, _) = failure(
        ProviderName::Openai,
        ResponseTemplate::new(307).insert_header("location", elsewhere.uri()),
    )
    .await;
    assert!(
        matches!(&failure, Failure::Rejected(s) if s.contains("redirects")),
        "{failure:?}"
    );
    assert_eq!(calls(&elsewhere).await, 0, "the key went nowhere else");
}

#[tokio::test]
async fn answers_that_make_no_sense_are_nonsense() {
    for provider in REMOTE {
        let strange = [
            ResponseTemplate::new(200).set_body_string("<html>not an API</html>"),
            ResponseTemplate::new(200).set_body_json(json!({"hello": "world"})),
            ResponseTemplate::new(200).set_body_json(json!([])),
            ResponseTemplate::new(200)
                .set_body_json(envelope(provider, "Sure! I would file it under Energy.")),
            ResponseTemplate::new(200)
                .set_body_json(envelope(provider, r#"{"note": "x", "topics": "Energy"}"#)),
            ResponseTemplate::new(200)
                .set_body_json(envelope(provider, r#"{"note": "x", "topics": [{"topic""#)),
            ResponseTemplate::new(200).set_body_json(envelope(
                provider,
                &written(&[("Unknown", "electricity bill")]),
            )),
            ResponseTemplate::new(200).set_body_bytes(vec![b' '; 3 * 1024 * 1024]),
        ];
        for (n, answer) in strange.into_iter().enumerate() {
            let (failure, calls) = failure(provider, answer).await;
            assert!(
                matches!(failure, Failure::Nonsense(_)),
                "{provider:?} {n}: {failure:?}"
            );
            assert_eq!(calls, 1);
        }
    }
}

#[tokio::test]
async fn a_fence_around_the_answer_does_no_harm() {
    let fenced = format!(
        "```json\n{}\n```",
        written(&[("Energy", "electricity bill")])
    );
    let server = writes(ProviderName::Lmstudio, &fenced).await;
    let decision = classify(classifier(ProviderName::Lmstudio, &server).as_ref(), TEXT)
        .await
        .unwrap();
    assert_eq!(decision.topics.len(), 1);
}
