//! From a score to how often such a score is right.
//!
//! Platt scaling: a logistic curve over the score, with two constants that `scripts/eval-filing --fit`
//! finds on the texts that may be learned from. Whatever says 80 % is then right about 80 times in 100.

/// How steep the curve is, and where it begins.
const SLOPE: f64 = 0.34;
const OFFSET: f64 = -0.01;

/// How sure a score makes, 0 to 1.
pub(crate) fn confidence(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-(SLOPE * log_odds + OFFSET)).exp())
}

#[cfg(test)]
mod tests {
    use super::confidence;

    #[test]
    fn more_is_surer_and_always_between_none_and_all() {
        let steps = [-1e9, -40.0, -1.0, 0.0, 1.0, 40.0, 1e9].map(confidence);
        assert!(steps.is_sorted());
        assert!(
            steps.iter().all(|step| (0.0..=1.0).contains(step)),
            "{steps:?}"
        );
    }
}
