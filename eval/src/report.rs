//! The figures as text.

use crate::{
    calibration::{expected_error, reliability},
    draws::{EXAMPLES, draws},
    figures::{Answer, Tally, file},
    texts::{Papers, Texts},
};
use anyhow::Result;
use std::fmt::Write;

/// What another classifier did on the same draws.
#[derive(Debug, serde::Deserialize)]
pub struct Compared {
    /// What it is.
    pub name: String,
    /// Its counts, by the number of examples per topic.
    pub curve: Vec<Point>,
}

/// One point of a learning curve.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
pub struct Point {
    /// Examples per topic.
    pub examples: usize,
    /// The counts of all draws together.
    pub tally: Tally,
}

/// What `local` answers on the texts that are held out, for every draw of a number of examples.
///
/// # Errors
/// When the provider fails.
pub async fn held_out(texts: &Texts, examples: usize) -> Result<Vec<Answer>> {
    let mut answers = Vec::new();
    for draw in draws(texts, examples) {
        answers.extend(file(texts, &draw, &texts.held_out).await?);
    }
    Ok(answers)
}

/// The learning curve, and all answers behind it.
async fn curve(texts: &Texts) -> Result<(Vec<Point>, Vec<Answer>)> {
    let mut curve = Vec::new();
    let mut all = Vec::new();
    for examples in EXAMPLES {
        let answers = held_out(texts, examples).await?;
        let tally = Tally::of(&answers);
        curve.push(Point { examples, tally });
        all.extend(answers);
    }
    Ok((curve, all))
}

/// The report on one collection.
///
/// # Errors
/// When the provider fails, or the texts can't be read.
pub async fn report(papers: Papers, compared: &[Compared]) -> Result<String> {
    let texts = Texts::of(papers)?;
    let (known, all) = curve(&texts).await?;
    let of_topics = texts.held_out.iter().filter(|text| text.topic.is_some());
    let (of_topics, topics) = (of_topics.count(), texts.topics.len());
    let of_none = texts.held_out.len() - of_topics;
    let (nameless, _) = curve(&texts.without_names()).await?;
    let mut text = format!(
        "{name}: {of_topics} held-out texts of {topics} topics, and {of_none} of no topic.\n\
         Examples are corrections per topic; those of 1, 3 and 10 are over five draws of them.\n",
        name = papers.name()
    );
    curve_table(&mut text, "DocuVault `local`", &known)?;
    let name = "DocuVault `local`, topics without names and descriptions";
    curve_table(&mut text, name, &nameless)?;
    for other in compared {
        curve_table(&mut text, &other.name, &other.curve)?;
    }
    reliability_table(&mut text, &all)?;
    Ok(text)
}

fn curve_table(text: &mut String, name: &str, curve: &[Point]) -> Result<()> {
    writeln!(text, "\n{name}\n")?;
    writeln!(
        text,
        "| examples | right | right of those filed | abstained | no topic, yet filed |"
    )?;
    writeln!(
        text,
        "| -------- | ----- | -------------------- | --------- | ------------------- |"
    )?;
    for Point { examples, tally } in curve {
        writeln!(
            text,
            "| {examples:8} | {:>5} | {:>20} | {:>9} | {:>19} |",
            percent(tally.accuracy()),
            percent(tally.of_answered()),
            percent(tally.abstained()),
            percent(tally.wrongly_filed()),
        )?;
    }
    Ok(())
}

fn reliability_table(text: &mut String, answers: &[Answer]) -> Result<()> {
    let table = reliability(answers);
    writeln!(text, "\nWhat `local` says, and how often that is right\n")?;
    writeln!(text, "| confidence | answers | says | is right |")?;
    writeln!(text, "| ---------- | ------- | ---- | -------- |")?;
    for bin in &table {
        let range = format!("{:.0} to {:.0} %", bin.range.0 * 100.0, bin.range.1 * 100.0);
        writeln!(
            text,
            "| {range:>10} | {:7} | {:>4} | {:>8} |",
            bin.answers,
            percent(bin.stated),
            percent(bin.right),
        )?;
    }
    let error = expected_error(&table) * 100.0;
    writeln!(text, "\nExpected calibration error: {error:.1} points.")?;
    Ok(())
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}
