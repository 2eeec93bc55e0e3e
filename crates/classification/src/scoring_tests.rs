use super::*;
use crate::{TopicKnowledge, features};
use proptest::prelude::*;

fn topic(n: u128, name: &str, description: &str) -> TopicOption {
    TopicOption {
        id: TopicId(uuid::Uuid::from_u128(n)),
        name: name.into(),
        description: description.into(),
    }
}

fn words(text: &str) -> Vec<Feature> {
    features(text, "")
        .into_iter()
        .filter(|feature| !subjects::is_mark(&feature.gram))
        .collect()
}

#[test]
fn the_topic_whose_words_occur_scores_highest() {
    let topics = [
        topic(1, "Strom", "Abschlag, Zähler"),
        topic(2, "Miete", "Vermieter, Wohnung"),
    ];
    let document = words("Ihre Stromrechnung: der Zählerstand und der neue Abschlag für Strom");
    let scores = score(&document, &topics, None);
    assert_eq!(scores[0].topic, topics[0].id);
    assert!(
        scores[0].log_odds > 3.0 && scores[1].log_odds < -3.0,
        "{scores:?}"
    );
    assert!(
        scores[0]
            .deciding
            .iter()
            .any(|d| d.gram == "stromrechn" || d.gram == "stromrechnung"),
        "{scores:?}"
    );
}

#[test]
fn a_topic_is_found_by_its_subject_when_no_word_of_it_occurs() {
    let topics = [topic(1, "Doctors", ""), topic(2, "Car", "")];
    let document = words("Die Physiotherapie bleibt verordnet, das Knie ist noch geschwollen.");
    let scores = score(&document, &topics, None);
    assert!(
        scores[0].topic == topics[0].id && scores[0].log_odds > 0.0,
        "{scores:?}"
    );
}

#[test]
fn a_text_of_another_subject_belongs_to_no_topic() {
    let topics = [topic(1, "Taxes", "returns"), topic(2, "Car", "garage")];
    let document = words("Knead flour, butter and eggs, let the dough rest, bake the cake.");
    for score in score(&document, &topics, None) {
        assert!(score.log_odds < -2.0, "{score:?}");
    }
}

#[test]
fn what_was_learned_outweighs_the_description() {
    let topics = [topic(1, "Bills", "invoice"), topic(2, "Roses", "")];
    let text = "Invoice for roses, compost and two lawn mowers";
    let learned = features(text, "");
    let per_topic = vec![TopicKnowledge {
        topic: topics[1].id,
        examples: 3,
        total: learned.iter().map(|f| u64::from(f.count) * 3).sum(),
        counts: learned
            .iter()
            .map(|f| (f.gram.clone(), f.count * 3))
            .collect(),
    }];
    let knowledge = Knowledge {
        per_topic,
        document: None,
    };
    let document = words(text);
    let scores = score(&document, &topics, Some(&knowledge));
    assert_eq!(scores[0].topic, topics[1].id, "{scores:?}");
    assert!(scores[0].log_odds > 0.0, "{scores:?}");
}

#[test]
fn nothing_known_scores_nothing() {
    let document = words("some words about the weather");
    let scores = score(&document, &[topic(1, "Tax", "")], None);
    assert!(
        scores[0].log_odds < 0.0 && scores[0].deciding.is_empty(),
        "{scores:?}"
    );
}

proptest! {
    #[test]
    fn odds_are_always_numbers(text in "\\PC{0,200}", name in "\\PC{0,20}", description in "\\PC{0,60}") {
        let topics = [topic(1, &name, &description), topic(2, "Car", "")];
        for score in score(&words(&text), &topics, None) {
            prop_assert!(score.log_odds.is_finite());
        }
    }
}
