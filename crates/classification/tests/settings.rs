//! The factory: what it builds, and what it refuses.

#![allow(clippy::panic, reason = "helpers of tests may panic as tests do")]

use classification::{Config, Failure, build};
use domain::ProviderName;

fn refused(config: Config) -> String {
    match build(config) {
        Err(Failure::Rejected(sentence)) => sentence,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was built"),
    }
}

#[tokio::test]
async fn the_default_is_local_and_always_healthy() {
    let local = build(Config::default()).unwrap();
    assert_eq!(local.name(), ProviderName::Local);
    local.health().await.unwrap();
}

#[test]
fn each_name_builds_its_provider() {
    for provider in ProviderName::ALL {
        let config = Config {
            api_key: Some("k".to_owned().into()),
            ..Config::new(provider)
        };
        assert_eq!(build(config).unwrap().name(), provider);
    }
}

#[test]
fn the_clouds_need_a_key() {
    for (provider, name) in [
        (ProviderName::Anthropic, "Anthropic"),
        (ProviderName::Openai, "OpenAI"),
    ] {
        for key in [None, Some(""), Some("  ")] {
            let config = Config {
                api_key: key.map(|k| k.to_owned().into()),
                ..Config::new(provider)
            };
            assert_eq!(
                refused(config),
                format!("{name} has no API key. Add one in Settings.")
            );
        }
    }
    for provider in [ProviderName::Ollama, ProviderName::Lmstudio] {
        assert!(build(Config::new(provider)).is_ok());
    }
}

#[test]
fn an_address_must_be_one() {
    for base in [
        "nonsense",
        "ftp://files.example",
        "http://",
        "http://user:pass@ollama.example",
        "http://a.example/?x=1",
    ] {
        let config = Config {
            base_url: Some(base.into()),
            ..Config::new(ProviderName::Ollama)
        };
        let sentence = refused(config);
        assert!(
            sentence.contains("address of Ollama") && !sentence.contains("pass@"),
            "{base}: {sentence}"
        );
    }
    let blank = Config {
        base_url: Some(" ".into()),
        ..Config::new(ProviderName::Ollama)
    };
    assert!(build(blank).is_ok(), "blank means the usual address");
}

#[test]
fn a_key_with_a_line_break_is_refused_and_not_repeated() {
    let config = Config {
        api_key: Some("abc\ndef".to_owned().into()),
        ..Config::new(ProviderName::Openai)
    };
    let sentence = refused(config);
    assert!(
        sentence.contains("API key") && !sentence.contains("abc"),
        "{sentence}"
    );
}

#[test]
fn the_key_is_not_in_the_debug_form() {
    let config = Config {
        api_key: Some("very-private".to_owned().into()),
        ..Config::new(ProviderName::Openai)
    };
    assert!(!format!("{config:?}").contains("very-private"));
}
