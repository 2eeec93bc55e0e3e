//! What filing is held to, on the texts that are held out.
#![allow(clippy::unwrap_used)]

use eval::{
    calibration::{expected_error, reliability},
    draws::draws,
    figures::{Answer, Tally, file},
    texts::{Papers, Texts},
};
use std::collections::HashSet;

/// The answers after one draw of so many examples.
async fn answers(texts: &Texts, examples: usize) -> Vec<Answer> {
    let draw = draws(texts, examples).into_iter().next().unwrap();
    file(texts, &draw, &texts.held_out).await.unwrap()
}

#[test]
fn there_are_enough_texts_and_no_two_are_alike() {
    // A household's senders repeat their letterheads and their phrases.
    for (papers, likest) in [(Papers::Varied, 0.4), (Papers::Household, 0.5)] {
        let texts = Texts::of(papers).unwrap();
        assert!(texts.topics.len() >= 8);
        for topic in 0..texts.topics.len() {
            let all = texts.learn.iter().chain(&texts.held_out);
            assert!(all.filter(|text| text.topic == Some(topic)).count() >= 40);
            assert!(texts.to_learn(Some(topic)).len() >= 30);
        }
        let all: Vec<_> = texts.learn.iter().chain(&texts.held_out).collect();
        assert!(all.iter().filter(|text| text.topic.is_none()).count() >= 40);
        let words: Vec<_> = all.iter().map(|text| words(&text.text)).collect();
        for (place, one) in words.iter().enumerate() {
            for (other, text) in words.iter().zip(&all).skip(place + 1) {
                let alike = likeness(one, other);
                assert!(
                    alike < likest,
                    "{alike}\n{}\n{}",
                    all[place].text,
                    text.text
                );
            }
        }
    }
}

fn words(text: &str) -> HashSet<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

/// The share of their words that two texts have in common.
fn likeness(one: &HashSet<String>, other: &HashSet<String>) -> f64 {
    let common = one.intersection(other).count();
    common as f64 / (one.len() + other.len() - common).max(1) as f64
}

#[tokio::test]
async fn names_and_descriptions_alone_file_seven_in_ten() {
    for papers in Papers::ALL {
        let texts = Texts::of(papers).unwrap();
        let tally = Tally::of(&answers(&texts, 0).await);
        assert!(tally.accuracy() >= 0.70, "{papers:?}: {tally:?}");
        assert!(tally.wrongly_filed() <= 0.10, "{papers:?}: {tally:?}");
    }
}

#[tokio::test]
async fn with_ten_examples_nine_in_ten_of_what_is_filed_are_right() {
    for (papers, of_all) in [(Papers::Varied, 0.85), (Papers::Household, 0.90)] {
        let texts = Texts::of(papers).unwrap();
        let tally = Tally::of(&answers(&texts, 10).await);
        assert!(tally.of_answered() >= 0.90, "{papers:?}: {tally:?}");
        assert!(tally.accuracy() >= of_all, "{papers:?}: {tally:?}");
        assert!(tally.wrongly_filed() <= 0.10, "{papers:?}: {tally:?}");
    }
}

#[tokio::test]
async fn confidence_keeps_its_word() {
    for papers in Papers::ALL {
        let texts = Texts::of(papers).unwrap();
        let mut all = answers(&texts, 0).await;
        all.extend(answers(&texts, 3).await);
        let table = reliability(&all);
        assert!(expected_error(&table) <= 0.06, "{papers:?}: {table:?}");
    }
}
