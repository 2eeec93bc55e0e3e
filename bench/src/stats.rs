//! The bench's own arithmetic.

use anyhow::{Result, ensure};

/// What several rounds gave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// The smallest.
    pub least: f64,
    /// The one in the middle.
    pub median: f64,
    /// The largest.
    pub most: f64,
}

impl Summary {
    /// Of at least one value, all of them finite.
    pub fn of(values: &[f64]) -> Result<Self> {
        ensure!(
            values.iter().all(|value| value.is_finite()),
            "a round gave no number"
        );
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (Some(least), Some(most)) = (sorted.first(), sorted.last()) else {
            anyhow::bail!("there was no round");
        };
        Ok(Self {
            least: *least,
            median: middle(&sorted),
            most: *most,
        })
    }
}

/// How a result is shown: the median, and between which two all rounds were.
impl Summary {
    /// Of a ratio: `56 % (55 to 57)`.
    pub fn percent(&self) -> String {
        let [median, least, most] = [self.median, self.least, self.most].map(|ratio| ratio * 100.0);
        format!("{median:.0} % ({least:.0} to {most:.0})")
    }

    /// Of a ratio: `1.20 times (1.14 to 1.21)`.
    pub fn times(&self) -> String {
        let Self {
            least,
            median,
            most,
        } = self;
        format!("{median:.2} times ({least:.2} to {most:.2})")
    }
}

/// Of an even number of values, the mean of the two in the middle.
fn middle(sorted: &[f64]) -> f64 {
    let skip = sorted.len().saturating_sub(1) / 2;
    let take = 2 - sorted.len() % 2;
    let middle = sorted.iter().skip(skip).take(take);
    middle.sum::<f64>() / take as f64
}

/// Two things measured in turns, and how the first compares with the second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// What is measured.
    pub ours: Summary,
    /// What it is measured against.
    pub bare: Summary,
    /// The first over the second, round by round: both halves of a round saw the same machine.
    pub ratio: Summary,
}

impl Comparison {
    /// Of rounds, each with both values.
    pub fn of(rounds: &[(f64, f64)]) -> Result<Self> {
        let each = |pick: fn(&(f64, f64)) -> f64| {
            Summary::of(&rounds.iter().map(pick).collect::<Vec<_>>())
        };
        Ok(Self {
            ours: each(|round| round.0)?,
            bare: each(|round| round.1)?,
            ratio: each(|round| round.0 / round.1)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_an_odd_number_is_the_middle_one() {
        let summary = Summary::of(&[9.0, 1.0, 4.0]).unwrap();
        assert_eq!(
            (summary.least, summary.median, summary.most),
            (1.0, 4.0, 9.0)
        );
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(Summary::of(&[8.0, 1.0, 2.0, 4.0]).unwrap().median, 3.0);
        assert_eq!(Summary::of(&[1.0, 2.0]).unwrap().median, 1.5);
    }

    #[test]
    fn one_value_is_everything() {
        let summary = Summary::of(&[7.0]).unwrap();
        assert_eq!(
            (summary.least, summary.median, summary.most),
            (7.0, 7.0, 7.0)
        );
    }

    #[test]
    fn a_ratio_is_shown_with_its_bounds() {
        let ratio = Summary::of(&[0.5, 0.254, 1.2]).unwrap();
        assert_eq!(ratio.percent(), "50 % (25 to 120)");
        assert_eq!(ratio.times(), "0.50 times (0.25 to 1.20)");
    }

    #[test]
    fn no_rounds_and_rounds_without_a_number_are_errors() {
        assert!(Summary::of(&[]).is_err());
        assert!(Summary::of(&[1.0, f64::NAN]).is_err());
        assert!(Comparison::of(&[(1.0, 0.0)]).is_err());
    }

    /// The second round saw a machine half as fast; that must not show in the ratio.
    #[test]
    fn the_ratio_is_taken_round_by_round() {
        let compared = Comparison::of(&[(60.0, 100.0), (30.0, 50.0), (80.0, 100.0)]).unwrap();
        assert_eq!(compared.ours.median, 60.0);
        assert_eq!(compared.bare.median, 100.0);
        assert_eq!(compared.ratio.median, 0.6);
        assert_eq!(compared.ratio.most, 0.8);
    }
}
