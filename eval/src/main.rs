//! Prints how well `local` files. `scripts/eval-filing` runs it, and what it is compared with.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Parser;
use eval::{
    calibration::platt,
    draws::{EXAMPLES, draws},
    figures::{Tally, file, scores},
    report::{Compared, report},
    texts::{Papers, Text, Texts},
};
use serde_json::json;

/// What the calibration is fitted on: as many examples as leave texts to ask about.
const FITTED: [usize; 4] = [0, 1, 3, 10];

#[derive(Parser)]
#[command(about = "Prints how well the built-in provider files.")]
struct Arguments {
    /// Write the texts and the draws to this file instead, for another classifier.
    #[arg(long)]
    draws: Option<PathBuf>,
    /// Show the figures of another classifier as well, from this file.
    #[arg(long, conflicts_with = "draws")]
    compared: Option<PathBuf>,
    /// Fit the calibration's constants instead, on the texts that may be learned from.
    #[arg(long, conflicts_with_all = ["draws", "compared"])]
    fit: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(file) = arguments.draws {
        return write_draws(&file);
    }
    if arguments.fit {
        return fit().await;
    }
    let compared: HashMap<String, Vec<Compared>> = match arguments.compared {
        None => HashMap::new(),
        Some(file) => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("`{}` could not be read", file.display()))?;
            serde_json::from_str(&text)?
        }
    };
    for papers in Papers::ALL {
        let compared = compared.get(papers.name()).map_or(&[][..], Vec::as_slice);
        println!("{}", report(papers, compared).await?);
    }
    Ok(())
}

fn write_draws(file: &Path) -> Result<()> {
    let mut all = HashMap::new();
    for papers in Papers::ALL {
        all.insert(papers.name(), drawn(&Texts::of(papers)?));
    }
    std::fs::write(file, serde_json::to_vec(&all)?)
        .with_context(|| format!("`{}` could not be written", file.display()))
}

/// A collection's held-out texts and its draws, for a program in another language.
fn drawn(texts: &Texts) -> serde_json::Value {
    let labelled = |texts: &[&Text]| -> Vec<_> {
        texts
            .iter()
            .map(|text| json!({ "topic": text.topic, "text": text.text }))
            .collect()
    };
    let draws: Vec<_> = EXAMPLES
        .into_iter()
        .filter(|examples| *examples > 0)
        .flat_map(|examples| draws(texts, examples))
        .map(|draw| {
            let learn = [draw.learn.as_slice(), draw.of_none.as_slice()].concat();
            json!({ "examples": draw.examples, "learn": labelled(&learn) })
        })
        .collect();
    let held_out: Vec<&Text> = texts.held_out.iter().collect();
    json!({ "held_out": labelled(&held_out), "draws": draws })
}

/// Every draw is asked about the varied texts that may be learned from and that it did not learn from. On a
/// household's papers nothing is fitted.
async fn fit() -> Result<()> {
    let texts = Texts::of(Papers::Varied)?;
    let mut all = Vec::new();
    for examples in FITTED {
        let mut answers = Vec::new();
        for draw in draws(&texts, examples) {
            let ask = draw.others(&texts.learn);
            all.extend(scores(&texts, &draw, &ask)?);
            answers.extend(file(&texts, &draw, ask).await?);
        }
        let tally = Tally::of(&answers);
        println!(
            "{examples} examples: {:.1} % right, {:.1} % of those filed; {:.1} % of no topic filed",
            tally.accuracy() * 100.0,
            tally.of_answered() * 100.0,
            tally.wrongly_filed() * 100.0
        );
    }
    let (slope, offset) = platt(&all);
    println!("const SLOPE: f64 = {slope:.2};\nconst OFFSET: f64 = {offset:.2};");
    Ok(())
}
