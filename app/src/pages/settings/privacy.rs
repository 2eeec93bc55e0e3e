//! Where texts may go: what an admin chose, the owner's own word, and this month's budget.

use crate::format;
use domain::ProviderName;
use leptos::prelude::*;
use wire::{AssignedProvider, TokenBudget};

/// Says who files, where that is not the owner's to choose.
#[component]
pub(super) fn Assigned(
    /// What an admin chose.
    assigned: AssignedProvider,
) -> impl IntoView {
    let provider = ProviderName::parse(&assigned.provider)
        .unwrap_or_default()
        .spoken();
    let with = assigned.model.map(|model| format!(" with {model}"));
    view! {
        <p class="banner plain" data-testid="assigned">
            <span>
                "The vault's admin chose who files your documents: " <strong>{provider}</strong> {with}
                ". Ask them for another provider."
            </span>
        </p>
    }
    .into_any()
}

/// The switch that keeps texts here, and what was sent so far.
#[component]
pub(super) fn Privacy(
    /// Whether texts stay here.
    local_only: bool,
    /// What was sent this month.
    budget: TokenBudget,
) -> impl IntoView {
    view! {
        <section class="card stack">
            <h2>"What leaves this machine"</h2>
            <input type="hidden" name="asks_local_only" value="true"/>
            <label class="check">
                <input type="checkbox" name="local_only" value="true" checked=local_only data-testid="local-only"/>
                <span>
                    "Never send my texts to a provider; file with the built-in one only"
                    <span class="hint">"This goes before everything else, also before what an admin chose."</span>
                </span>
            </label>
            <p class="muted tabular" data-testid="token-budget">{budget_words(&budget)}</p>
        </section>
    }
    .into_any()
}

fn budget_words(budget: &TokenBudget) -> String {
    let used = format::number(budget.used_tokens);
    match budget.limit_tokens {
        None => format!("Sent to providers this month: {used} tokens."),
        Some(limit) => format!(
            "Sent to providers this month: {used} of {} tokens. Counting begins anew on {}.",
            format::number(limit),
            budget.renewed_on
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_named_with_its_end() {
        let budget = TokenBudget {
            used_tokens: 1_500,
            limit_tokens: Some(20_000),
            renewed_on: "2026-04-01".to_owned(),
        };
        assert_eq!(
            budget_words(&budget),
            "Sent to providers this month: 1,500 of 20,000 tokens. Counting begins anew on 2026-04-01."
        );
        assert_eq!(
            budget_words(&TokenBudget::default()),
            "Sent to providers this month: 0 tokens."
        );
    }
}
