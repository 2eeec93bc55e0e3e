//! Whether confidence keeps its word, and the fit that makes it do so.

use crate::figures::{Answer, share};

/// The lower ends of the table's lines; under the first, `local` abstains.
const BINS: [f64; 6] = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

/// One line of a reliability table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The confidences in it, from and up to.
    pub range: (f64, f64),
    /// How many answers.
    pub answers: usize,
    /// What they said, on average.
    pub stated: f64,
    /// How many of them were right.
    pub right: f64,
}

/// The reliability table of the answers that chose a topic; empty lines are left out.
pub fn reliability(answers: &[Answer]) -> Vec<Bin> {
    let ends = BINS.iter().skip(1).copied().chain([1.0]);
    BINS.iter()
        .copied()
        .zip(ends)
        .filter_map(|range| bin(answers, range))
        .collect()
}

fn bin(answers: &[Answer], (from, to): (f64, f64)) -> Option<Bin> {
    let inside: Vec<_> = answers
        .iter()
        .filter(|answer| answer.chosen.is_some() && answer.confidence >= from)
        .filter(|answer| answer.confidence < to || to >= 1.0)
        .collect();
    let stated: f64 = inside.iter().map(|answer| answer.confidence).sum();
    let right = inside.iter().filter(|answer| answer.is_right()).count();
    (!inside.is_empty()).then(|| Bin {
        range: (from, to),
        answers: inside.len(),
        stated: stated / inside.len() as f64,
        right: share(right, inside.len()),
    })
}

/// The expected calibration error: how far a line's word is from its truth, weighed by its answers.
pub fn expected_error(bins: &[Bin]) -> f64 {
    let all: usize = bins.iter().map(|bin| bin.answers).sum();
    bins.iter()
        .map(|bin| (bin.stated - bin.right).abs() * share(bin.answers, all))
        .sum()
}

/// Platt scaling: the slope and the offset of the logistic curve under which these outcomes are likeliest,
/// by Newton's method with steps halved until they help. Each class counts as if it had been seen a
/// little more often, as Platt does, so that the curve stays finite.
pub fn platt(scores: &[(f64, bool)]) -> (f64, f64) {
    let right = scores.iter().filter(|(_, right)| *right).count() as f64;
    let wrong = scores.len() as f64 - right;
    let (of_right, of_wrong) = ((right + 1.0) / (right + 2.0), 1.0 / (wrong + 2.0));
    let targets: Vec<(f64, f64)> = scores
        .iter()
        .map(|(score, right)| (*score, if *right { of_right } else { of_wrong }))
        .collect();
    let mut curve = (0.0, 0.0);
    for _ in 0..100 {
        let step = newton(&targets, curve);
        let now = unlikeliness(&targets, curve);
        let better = (0..30).find_map(|halvings| {
            let part = 0.5_f64.powi(halvings);
            let next = (curve.0 + part * step.0, curve.1 + part * step.1);
            (unlikeliness(&targets, next) < now).then_some(next)
        });
        match better {
            Some(next) => curve = next,
            None => break,
        }
    }
    curve
}

fn newton(targets: &[(f64, f64)], (slope, offset): (f64, f64)) -> (f64, f64) {
    // The gradient and the (symmetric) matrix of second derivatives.
    let (mut by_slope, mut by_offset) = (0.0, 0.0);
    let (mut ss, mut so, mut oo) = (1e-9, 0.0, 1e-9);
    for (score, target) in targets {
        let stated = 1.0 / (1.0 + (-(slope * score + offset)).exp());
        let (off, weight) = (target - stated, stated * (1.0 - stated));
        by_slope += off * score;
        by_offset += off;
        ss += weight * score * score;
        so += weight * score;
        oo += weight;
    }
    let whole = ss * oo - so * so;
    (
        (oo * by_slope - so * by_offset) / whole,
        (ss * by_offset - so * by_slope) / whole,
    )
}

/// The negative logarithm of how likely these outcomes are under a curve.
fn unlikeliness(targets: &[(f64, f64)], (slope, offset): (f64, f64)) -> f64 {
    let of = |(score, target): &(f64, f64)| {
        let at = slope * score + offset;
        // ln(1 + e^at) without overflow.
        at.max(0.0) + (-at.abs()).exp().ln_1p() - target * at
    };
    targets.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(confidence: f64, right: bool) -> Answer {
        Answer {
            expected: Some(0),
            chosen: Some(usize::from(!right)),
            confidence,
        }
    }

    #[test]
    fn a_table_compares_word_and_truth() {
        let answers = [
            answer(0.55, true),
            answer(0.58, false),
            answer(1.0, true),
            answer(0.96, true),
        ];
        let table = reliability(&answers);
        assert_eq!(table.len(), 2);
        assert_eq!((table[0].answers, table[0].right), (2, 0.5));
        assert_eq!((table[1].answers, table[1].right), (2, 1.0));
        let expected = (0.565 - 0.5) / 2.0 + (1.0 - 0.98) / 2.0;
        assert!((expected_error(&table) - expected).abs() < 1e-9);
    }

    #[test]
    fn the_fit_finds_the_curve_that_made_the_outcomes() {
        // For each score, as many right ones as a curve of slope 0.5 and offset -1 says.
        let mut scores = Vec::new();
        for step in -40..=40 {
            let score = f64::from(step) / 4.0;
            let right = 1.0 / (1.0 + (-(0.5 * score - 1.0)).exp());
            let many = (right * 400.0).round() as usize;
            scores.extend(std::iter::repeat_n((score, true), many));
            scores.extend(std::iter::repeat_n((score, false), 400 - many));
        }
        let (slope, offset) = platt(&scores);
        assert!(
            (slope - 0.5).abs() < 0.02 && (offset + 1.0).abs() < 0.05,
            "{slope} {offset}"
        );
    }
}
