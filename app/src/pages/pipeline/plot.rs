//! What came to its end in each of the last 24 hours, as bars drawn on the server, and as a table.

use crate::format;
use leptos::prelude::*;
use wire::PipelineHour;

/// The drawing's size, in its own units.
const WIDTH: i64 = 480;
const HEIGHT: i64 = 120;

/// Every how many hours there is a word below.
const LABEL_EVERY: usize = 6;

/// Why a file that needs attention may be among what ended.
const WHAT_ENDS: &str = "A file that can't be read ends its job, too. It stands below until it is tried again or deleted.";

/// The bars, and the table behind them.
pub(super) fn plot(hours: &[PipelineHour]) -> AnyView {
    let done: i64 = hours.iter().map(|hour| hour.done).sum();
    let dead: i64 = hours.iter().map(|hour| hour.dead).sum();
    let summary = summary(done, dead);
    let most = hours.iter().map(|hour| hour.done + hour.dead).max();
    let scale = Scale {
        most: most.unwrap_or_default().max(1),
        bars: i64::try_from(hours.len()).unwrap_or(1).max(1),
    };
    let bars: Vec<AnyView> = hours
        .iter()
        .enumerate()
        .map(|(at, hour)| bar(at, hour, scale))
        .collect();
    let words: Vec<AnyView> = hours
        .iter()
        .step_by(LABEL_EVERY)
        .map(|hour| view! { <span>{clock(hour)}</span> }.into_any())
        .collect();
    let view_box = format!("0 0 {WIDTH} {HEIGHT}");
    let (x2, y) = (WIDTH.to_string(), HEIGHT.to_string());
    view! {
        <figure class="plot card" data-testid="plot">
            <figcaption>{summary.clone()} <span class="muted">", by hour (UTC), " {format::number(scale.most)} " at most"</span></figcaption>
            <div>
                <svg viewBox=view_box preserveAspectRatio="none" role="img" aria-label=summary>
                    <line class="plot-line" x1="0" x2=x2 y1=y.clone() y2=y></line>
                    {bars}
                </svg>
                <p class="plot-words tabular" aria-hidden="true">{words}</p>
            </div>
            <p class="hint">{WHAT_ENDS}</p>
            <details>
                <summary>"As a table"</summary>
                {table(hours)}
            </details>
        </figure>
    }
    .into_any()
}

fn summary(done: i64, dead: i64) -> String {
    let ended = format::counted(done + dead, "job");
    let given_up = match dead {
        ..=0 => String::new(),
        1 => ", 1 of them given up after its last try".to_owned(),
        dead => format!(
            ", {} of them given up after their last try",
            format::number(dead)
        ),
    };
    format!("{ended} ended in the last 24 hours{given_up}")
}

#[derive(Clone, Copy)]
struct Scale {
    /// What the highest bar stands for.
    most: i64,
    bars: i64,
}

impl Scale {
    fn left(self, at: usize) -> i64 {
        i64::try_from(at).unwrap_or_default() * WIDTH / self.bars
    }

    fn width(self) -> i64 {
        (WIDTH / self.bars - 4).max(1)
    }

    /// How high a bar is; what is not nothing can be seen.
    fn height(self, count: i64) -> i64 {
        match count {
            ..=0 => 0,
            count => (count * (HEIGHT - 4) / self.most).max(2),
        }
    }
}

fn bar(at: usize, hour: &PipelineHour, scale: Scale) -> AnyView {
    let (done, dead) = (scale.height(hour.done), scale.height(hour.dead));
    let x = (scale.left(at) + 2).to_string();
    let width = scale.width().to_string();
    let top_of = |height: i64| (HEIGHT - height).to_string();
    view! {
        <rect class="plot-done" x=x.clone() y=top_of(done) width=width.clone() height=done.to_string()></rect>
        <rect class="plot-dead" x=x y=top_of(done + dead) width=width height=dead.to_string()></rect>
    }
    .into_any()
}

fn clock(hour: &PipelineHour) -> String {
    format!("{:02}:00", hour.hour.to_offset(time::UtcOffset::UTC).hour())
}

fn table(hours: &[PipelineHour]) -> AnyView {
    let rows: Vec<AnyView> = hours
        .iter()
        .map(|hour| {
            view! {
                <tr>
                    <th scope="row">{format::absolute(hour.hour)}</th>
                    <td class="tabular">{format::number(hour.done + hour.dead)}</td>
                    <td class="tabular">{format::number(hour.dead)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <table class="plot-table" data-testid="plot-table">
            <thead>
                <tr>
                    <th scope="col">"Hour"</th>
                    <th scope="col">"Ended"</th>
                    <th scope="col">"Of them given up"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn bars_stay_inside_and_what_happened_is_seen() {
        let scale = Scale {
            most: 1000,
            bars: 24,
        };
        assert_eq!(scale.height(0), 0);
        assert_eq!(scale.height(1), 2);
        assert!(scale.height(1000) <= HEIGHT);
        assert!(scale.left(23) + scale.width() <= WIDTH);
    }

    #[test]
    fn every_hour_has_a_row_and_hours_are_told_in_utc() {
        let hour = |done, dead| PipelineHour {
            hour: datetime!(2026-03-07 11:00 +2),
            done,
            dead,
        };
        let html = Owner::new().with(|| plot(&[hour(3, 0), hour(0, 1)]).to_html());
        assert_eq!(html.matches("<tr").count(), 3, "{html}");
        assert!(
            html.contains("4 jobs ended in the last 24 hours, 1 of them"),
            "{html}"
        );
        assert!(html.contains("09:00"), "{html}");
    }

    #[test]
    fn nothing_given_up_is_not_said() {
        assert_eq!(summary(8, 0), "8 jobs ended in the last 24 hours");
        assert_eq!(
            summary(0, 2),
            "2 jobs ended in the last 24 hours, 2 of them given up after their last try"
        );
    }
}
