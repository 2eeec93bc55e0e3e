//! What filing is held to, on the texts that are held out.
#![allow(clippy::unwrap_used)]

use eval::{
    calibration::{expected_error, reliability},
    draws::draws,
    figures::{Answer, Tally, file},
    texts::Texts,
};

/// The answers after one draw of so many examples.
async fn answers(texts: &Texts, examples: usize) -> Vec<Answer> {
    let draw = draws(texts, examples).into_iter().next().unwrap();
    file(texts, &draw, &texts.held_out).await.unwrap()
}

#[test]
fn there_are_enough_texts_and_no_two_are_alike() {
    let texts = Texts::shipped().unwrap();
    assert!(texts.topics.len() >= 8);
    for topic in 0..texts.topics.len() {
        let all = texts.learn.iter().chain(&texts.held_out);
        assert!(all.filter(|text| text.topic == Some(topic)).count() >= 40);
        assert!(texts.to_learn(Some(topic)).len() >= 30);
    }
    let all: Vec<_> = texts.learn.iter().chain(&texts.held_out).collect();
    assert!(all.iter().filter(|text| text.topic.is_none()).count() >= 40);
    for (place, text) in all.iter().enumerate() {
        for other in all.iter().skip(place + 1) {
            let alike = likeness(&text.text, &other.text);
            assert!(alike < 0.4, "{alike}\n{}\n{}", text.text, other.text);
        }
    }
}

/// The share of their words that two texts have in common.
fn likeness(one: &str, other: &str) -> f64 {
    let words = |text: &str| -> std::collections::HashSet<String> {
        text.split_whitespace().map(str::to_lowercase).collect()
    };
    let (one, other) = (words(one), words(other));
    let common = one.intersection(&other).count();
    common as f64 / one.union(&other).count().max(1) as f64
}

#[tokio::test]
async fn names_and_descriptions_alone_file_seven_in_ten() {
    let texts = Texts::shipped().unwrap();
    let tally = Tally::of(&answers(&texts, 0).await);
    assert!(tally.accuracy() >= 0.70, "{tally:?}");
    assert!(tally.wrongly_filed() <= 0.10, "{tally:?}");
}

#[tokio::test]
async fn with_ten_examples_nine_in_ten_of_what_is_filed_are_right() {
    let texts = Texts::shipped().unwrap();
    let tally = Tally::of(&answers(&texts, 10).await);
    assert!(tally.of_answered() >= 0.90, "{tally:?}");
    assert!(tally.accuracy() >= 0.85, "{tally:?}");
    assert!(tally.wrongly_filed() <= 0.10, "{tally:?}");
}

#[tokio::test]
async fn confidence_keeps_its_word() {
    let texts = Texts::shipped().unwrap();
    let mut all = answers(&texts, 0).await;
    all.extend(answers(&texts, 3).await);
    let table = reliability(&all);
    assert!(expected_error(&table) <= 0.06, "{table:?}");
}
