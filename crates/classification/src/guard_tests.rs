//! Every rule, against a provider that answers whatever the test wants.

use super::*;
use crate::TopicOption;
use std::sync::atomic::{AtomicUsize, Ordering};

const TEXT: &str =
    "Your electricity bill for May. The meter reading was 4711 kWh, payable to the landlord.";

struct Fake {
    answer: fn() -> Answer,
    calls: AtomicUsize,
}

#[async_trait]
impl Backend for Fake {
    fn name(&self) -> ProviderName {
        ProviderName::Ollama
    }

    fn estimate(&self, _: &Request<'_>, _: &Excerpt<'_>) -> u64 {
        7
    }

    async fn suggest(
        &self,
        _: &Request<'_>,
        _: &Excerpt<'_>,
        spent: &mut Spent,
    ) -> Result<Answer, Failure> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        *spent = Spent::Tokens(5);
        Ok((self.answer)())
    }

    async fn health(&self) -> Result<(), Failure> {
        Ok(())
    }
}

fn id(n: u128) -> TopicId {
    TopicId(uuid::Uuid::from_u128(n))
}

fn topics() -> Vec<TopicOption> {
    (1..=8)
        .map(|n| TopicOption {
            id: id(n),
            name: format!("Topic {n}"),
            description: String::new(),
        })
        .collect()
}

fn quoting(n: u128, confidence: f32, quote: &str) -> Suggestion {
    Suggestion {
        topic: Some(id(n)),
        confidence,
        evidence: Evidence::Quote(quote.into()),
    }
}

fn answer(suggestions: Vec<Suggestion>) -> Answer {
    Answer {
        suggestions,
        note: None,
    }
}

async fn ask(
    text: &str,
    topics: &[TopicOption],
    answer: fn() -> Answer,
) -> (Result<Decision, Failure>, usize) {
    let guarded = Guarded::new(
        Fake {
            answer,
            calls: AtomicUsize::new(0),
        },
        1_000,
    );
    let request = Request {
        text,
        file_name: "may_invoice.pdf",
        topics,
        system_prompt: None,
        knowledge: None,
    };
    let estimate = guarded.estimate(&request);
    let outcome = guarded.classify(&request).await;
    let calls = guarded.backend.calls.load(Ordering::Relaxed);
    // Who is not asked costs nothing, and is not expected to.
    let cost = match calls {
        0 => (0, Spent::Nothing),
        _ => (7, Spent::Tokens(5)),
    };
    assert_eq!((estimate, outcome.spent), cost);
    (outcome.decision, calls)
}

async fn decide(answer: fn() -> Answer) -> Decision {
    ask(TEXT, &topics(), answer).await.0.unwrap()
}

#[tokio::test]
async fn too_little_text_never_reaches_the_provider() {
    for text in [
        "",
        "  \n ",
        "1234 5678 9012 3456 7890 1234",
        "Only a few words",
    ] {
        let (decision, calls) = ask(text, &topics(), || {
            answer(vec![quoting(1, 1.0, "few words")])
        })
        .await;
        let decision = decision.unwrap();
        assert_eq!((decision.topics.len(), calls), (0, 0), "{text:?}");
        assert!(decision.note.unwrap().contains("too little text"));
    }
}

#[tokio::test]
async fn without_topics_it_is_not_asked() {
    let (decision, calls) = ask(TEXT, &[], Answer::default).await;
    assert_eq!(calls, 0);
    assert!(decision.unwrap().note.unwrap().contains("no topics"));
}

#[tokio::test]
async fn the_reason_is_the_texts_own_spelling() {
    let decision = decide(|| answer(vec![quoting(1, 0.9, "METER\nreading")])).await;
    assert_eq!(
        decision.topics,
        [Filed {
            topic: id(1),
            confidence: 0.9,
            reason: "meter reading".into()
        }]
    );
    assert_eq!(decision.note, None);
}

#[tokio::test]
async fn what_is_not_in_the_text_is_dropped_and_noted() {
    let both = decide(|| {
        answer(vec![
            quoting(1, 0.9, "meter reading"),
            quoting(2, 0.9, "gas bill"),
        ])
    })
    .await;
    assert_eq!(both.topics.len(), 1);
    assert!(both.note.unwrap().contains("Topic 2"));

    let only = decide(|| answer(vec![quoting(2, 0.9, "")])).await;
    assert!(only.topics.is_empty() && only.note.unwrap().contains("Topic 2"));
}

#[tokio::test]
async fn a_quote_from_the_file_name_proves_nothing() {
    assert!(
        decide(|| answer(vec![quoting(1, 0.9, "may_invoice")]))
            .await
            .topics
            .is_empty()
    );
}

#[tokio::test]
async fn unknown_topics_are_dropped_and_alone_they_are_nonsense() {
    let mixed = decide(|| {
        let unknown = Suggestion {
            topic: None,
            confidence: 1.0,
            evidence: Evidence::Quote("meter reading".into()),
        };
        answer(vec![unknown, quoting(3, 0.5, "meter reading")])
    });
    assert_eq!(mixed.await.topics.len(), 1);
    let (all, _) = ask(TEXT, &topics(), || {
        answer(vec![quoting(99, 1.0, "meter reading")])
    })
    .await;
    assert!(matches!(all, Err(Failure::Nonsense(sentence)) if sentence.contains("do not exist")));
}

#[tokio::test]
async fn confidence_is_clamped_and_the_surest_comes_first() {
    let decision = decide(|| {
        answer(vec![
            quoting(1, f32::NAN, "bill"),
            quoting(2, -3.0, "bill"),
            quoting(3, 95.0, "bill"),
            quoting(4, 0.5, "bill"),
        ])
    })
    .await;
    let confidences: Vec<_> = decision.topics.iter().map(|t| t.confidence).collect();
    assert_eq!(confidences, [1.0, 0.5, 0.0, 0.0]);
}

#[tokio::test]
async fn a_topic_named_twice_counts_once_and_five_are_enough() {
    let decision = decide(|| {
        let mut all: Vec<_> = (1..=8)
            .map(|n| quoting(n, n as f32 / 10.0, "meter reading"))
            .collect();
        all.push(quoting(8, 0.95, "electricity bill"));
        answer(all)
    })
    .await;
    let chosen: Vec<_> = decision.topics.iter().map(|t| t.topic).collect();
    assert_eq!(chosen, [id(8), id(7), id(6), id(5), id(4)]);
    assert_eq!(decision.topics[0].reason, "electricity bill");
}

#[tokio::test]
async fn an_empty_answer_is_an_abstention_with_a_note() {
    assert_eq!(
        decide(Answer::default).await.note.as_deref(),
        Some("No topic fits this document.")
    );
    let said = decide(|| Answer {
        suggestions: vec![],
        note: Some(" A poem.\n\u{7} ".into()),
    })
    .await;
    assert_eq!(said.note.as_deref(), Some("A poem. "));
}

#[tokio::test]
async fn words_may_stand_in_the_file_name() {
    let decision = decide(|| {
        let words = ["invoice", "kWh", "gas"].map(str::to_owned).to_vec();
        answer(vec![Suggestion {
            topic: Some(id(1)),
            confidence: 0.7,
            evidence: Evidence::Words(words),
        }])
    })
    .await;
    assert_eq!(
        decision.topics[0].reason, "invoice · kWh",
        "what stands nowhere is not shown"
    );
}
