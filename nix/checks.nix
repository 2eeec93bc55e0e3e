# What `nix flake check` builds.
{
  lib,
  pkgs,
  self,
  rust,
  treefmt,
  ...
}:
let
  inherit (rust) craneLib common;

  # Tests read more than the programs are built from.
  whole = common // {
    src = rust.source (
      rust.workspace
      ++ [
        ../.config
        ../.env.example
        ../Makefile
        ../clippy.toml
        ../deny.toml
        ../docs
        ../rust-toolchain.toml
        ../samples
        ../scripts
      ]
    );
    nativeBuildInputs = [ pkgs.pkg-config ];
    # The client of the browser's driver.
    buildInputs = [ pkgs.openssl ];
    CARGO_PROFILE = "dev";
  };
  native = "--locked --workspace --exclude hydrate";
  wasm = "--locked --target wasm32-unknown-unknown -p hydrate -p app -p domain -p wire --features app/hydrate";

  dependencies = craneLib.buildDepsOnly (
    whole
    // {
      pname = "docuvault-checks";
      cargoExtraArgs = native;
      cargoBuildExtraArgs = "--all-targets";
    }
  );
  wasmDependencies = craneLib.buildDepsOnly (
    whole
    // {
      pname = "docuvault-checks-browser";
      cargoExtraArgs = wasm;
      nativeBuildInputs = whole.nativeBuildInputs ++ [ pkgs.lld ];
    }
  );

  # PostgreSQL, Redis and an S3 server of their own, on this machine's loopback.
  withServices =
    name: command: tools:
    craneLib.mkCargoDerivation (
      whole
      // {
        pname = "docuvault-${name}";
        cargoArtifacts = dependencies;
        doInstallCargoArtifacts = false;
        nativeBuildInputs =
          whole.nativeBuildInputs
          ++ tools
          ++ [
            pkgs.postgresql_17
            pkgs.redis
          ];
        buildPhaseCargoCommand = ''
          export HOME=$(mktemp -d)
          ${command}
        '';
      }
    );
in
{
  format = treefmt.check self;

  clippy = craneLib.cargoClippy (
    whole
    // {
      cargoArtifacts = dependencies;
      cargoExtraArgs = native;
      cargoClippyExtraArgs = "--all-targets -- -D warnings";
    }
  );

  clippy-browser = craneLib.cargoClippy (
    whole
    // {
      pname = "docuvault-browser";
      cargoArtifacts = wasmDependencies;
      cargoExtraArgs = wasm;
      cargoClippyExtraArgs = "-- -D warnings";
      nativeBuildInputs = whole.nativeBuildInputs ++ [ pkgs.lld ];
    }
  );

  rules = craneLib.cargoDeny (
    whole
    // {
      cargoDenyChecks = "bans licenses sources";
    }
  );

  # All but the journeys in a browser, which `make test` runs.
  tests =
    withServices "tests"
      ''
        cargo build ${native} --exclude end2end --all-targets
        target/debug/bundle
        target/debug/supervisor exec --binaries $PWD/target/debug -- \
          cargo nextest run ${native} --exclude end2end
      ''
      [
        pkgs.cargo-nextest
        pkgs.lld
        pkgs.poppler-utils
        rust.tesseract
      ];

  queries = withServices "queries" ''
    cargo build ${native} --bin supervisor
    target/debug/supervisor exec -- sh -euc '
      export DATABASE_URL="$DATABASE_MIGRATE_URL" SQLX_OFFLINE=false
      sqlx migrate run --source migrations
      cd crates/database
      cargo sqlx prepare --check -- --all-targets
    '
  '' [ pkgs.sqlx-cli ];

  vault = import ./test.nix { inherit pkgs self; };
}
// lib.optionalAttrs (rust ? packages) { inherit (rust.packages) server worker; }
