//! The whole permission matrix, as a table to be read in review.

use domain::{
    ApiTokenId, Caller, Identity, Kind, Role, Scope, SessionId, SignIn, UserId, Who,
    policy::{Action, authorise, authorise_owner},
};
use uuid::Uuid;

/// `user` and `admin` signed in; the columns between are their tokens of narrower scope.
const MATRIX: &str = "\
action          anonymous  user:read  user:write  user  admin:read  admin:write  admin  system
ReadDocuments   -          yes        yes         yes   yes         yes          yes    -
WriteDocuments  -          -          yes         yes   -           yes          yes    -
ReadTopics      -          yes        yes         yes   yes         yes          yes    -
WriteTopics     -          -          yes         yes   -           yes          yes    -
ReadSettings    -          yes        yes         yes   yes         yes          yes    -
WriteSettings   -          -          yes         yes   -           yes          yes    -
ReadAccount     -          yes        yes         yes   yes         yes          yes    -
ManageAccount   -          -          -           yes   -           -            yes    -
ReadActivity    -          -          -           yes   -           -            yes    -
ManageUsers     -          -          -           -     -           -            yes    -
RunVault        -          -          -           -     -           -            yes    -
CheckStore      -          -          -           -     -           -            yes    -
WorkJobs        -          -          -           -     -           -            -      yes
";

fn user(role: Role, scope: Scope) -> Who {
    let sign_in = match scope {
        Scope::Admin => SignIn::Session(SessionId(Uuid::from_u128(2))),
        _ => SignIn::ApiToken(ApiTokenId(Uuid::from_u128(3))),
    };
    Who::User(Identity {
        user: UserId(Uuid::from_u128(1)),
        role,
        scope,
        sign_in,
    })
}

fn callers() -> [(&'static str, Caller); 8] {
    [
        ("anonymous", Who::Anonymous),
        ("user:read", user(Role::User, Scope::Read)),
        ("user:write", user(Role::User, Scope::Write)),
        ("user", user(Role::User, Scope::Admin)),
        ("admin:read", user(Role::Admin, Scope::Read)),
        ("admin:write", user(Role::Admin, Scope::Write)),
        ("admin", user(Role::Admin, Scope::Admin)),
        ("system", Who::System),
    ]
    .map(|(name, who)| {
        let caller = Caller {
            who,
            ..Caller::anonymous("a test")
        };
        (name, caller)
    })
}

fn line(cells: impl Iterator<Item = String>) -> String {
    const WIDTHS: [usize; 9] = [16, 11, 11, 12, 6, 12, 13, 7, 7];
    let padded: String = cells
        .zip(WIDTHS)
        .map(|(cell, width)| format!("{cell:width$}"))
        .collect();
    format!("{}\n", padded.trim_end())
}

#[test]
fn the_matrix_is_as_reviewed() {
    let head =
        std::iter::once("action".to_owned()).chain(callers().map(|(name, _)| name.to_owned()));
    let mut matrix = line(head);
    for action in Action::ALL {
        let cells = callers().map(|(_, caller)| {
            let allowed = authorise(&caller, action).is_ok();
            if allowed { "yes" } else { "-" }.to_owned()
        });
        matrix += &line(std::iter::once(format!("{action:?}")).chain(cells));
    }
    assert_eq!(matrix, MATRIX, "\n{matrix}");
}

#[test]
fn a_refusal_says_so_in_a_sentence() {
    for (name, caller) in callers() {
        for action in Action::ALL {
            let Err(error) = authorise(&caller, action) else {
                continue;
            };
            let expected = match name {
                "anonymous" => (Kind::Unauthenticated, "unauthenticated"),
                _ => (Kind::Forbidden, "forbidden"),
            };
            assert_eq!((error.kind, error.code), expected, "{name}: {action:?}");
            assert!(error.detail.ends_with('.'));
        }
    }
}

#[test]
fn only_a_person_with_an_account_owns_anything() {
    for (name, caller) in callers() {
        let owner = caller.owner().ok();
        let expected =
            (!matches!(name, "anonymous" | "system")).then_some(UserId(Uuid::from_u128(1)));
        assert_eq!(owner, expected, "{name}");
        let system_owns = authorise_owner(&caller, Action::WorkJobs).is_ok();
        assert!(
            !system_owns,
            "{name} has rows of its own as the vault itself"
        );
    }
}
