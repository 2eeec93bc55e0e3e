# The programs, built by crane. What they depend on is built apart, once for this machine and once for
# the browser, and only anew when Cargo.lock or a manifest changes.
{
  lib,
  pkgs,
  pins,
  crane,
}:
let
  craneLib = pins.checkRust pkgs (crane.mkLib pkgs);

  # A folder of the checkout, not a derivation: reading Cargo.lock must not need a build.
  source =
    files:
    lib.fileset.toSource {
      root = ../.;
      fileset = lib.fileset.unions files;
    };
  workspace = [
    ../.cargo
    ../Cargo.lock
    ../Cargo.toml
    ../app
    ../bench
    ../crates
    ../deploy/postgres
    ../end2end
    ../eval
    ../migrations
    ../server
    ../worker
  ];
  common = {
    pname = "docuvault";
    inherit (pins) version;
    src = source workspace;
    strictDeps = true;
    doCheck = false;
    env = {
      # The queries were described when they were written: crates/database/.sqlx.
      SQLX_OFFLINE = "true";
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER = "wasm-ld";
    };
    meta.license = lib.licenses.agpl3Plus;
  };

  native = common // {
    cargoExtraArgs = "--locked --package server --package worker --package extraction --package bundle";
  };
  nativeDependencies = craneLib.buildDepsOnly native;
  programs = craneLib.buildPackage (native // { cargoArtifacts = nativeDependencies; });

  # The same arguments as crates/bundle gives to cargo, from `[[workspace.metadata.leptos]]`.
  leptos = builtins.head (lib.importTOML ../Cargo.toml).workspace.metadata.leptos;
  browser = common // {
    pname = "docuvault-site";
    nativeBuildInputs = [ pkgs.lld ];
    cargoExtraArgs = lib.concatStringsSep " " (
      [
        "--locked"
        "--lib"
        "--target wasm32-unknown-unknown"
        "--package ${leptos.lib-package}"
      ]
      ++ lib.optional (!leptos.lib-default-features) "--no-default-features"
      ++ lib.optional (
        leptos.lib-features != [ ]
      ) "--features=${lib.concatStringsSep "," leptos.lib-features}"
    );
    CARGO_PROFILE = leptos.lib-profile-release;
  };
  browserDependencies = craneLib.buildDepsOnly browser;
  site = craneLib.mkCargoDerivation (
    browser
    // {
      cargoArtifacts = browserDependencies;
      doInstallCargoArtifacts = false;
      # A panic says in which file it happened. Without the hashes of those paths the sources of all that
      # is in it don't become a part of the image. `bundle` has the lockfile's wasm-bindgen in it, finds
      # what was just built, and holds it to its budget.
      buildPhaseCargoCommand = ''
        cargoWithProfile build ${browser.cargoExtraArgs}
        find target/wasm32-unknown-unknown -name '*.wasm' -exec \
          sed -i 's|${builtins.storeDir}/[a-z0-9]\{32\}|${builtins.storeDir}/eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee|g' {} +
        ${programs}/bin/bundle --release
      '';
      installPhaseCommand = ''
        mkdir -p $out
        cp -r target/site $out/site
        cp target/release/hash.txt $out/hash.txt
      '';
    }
  );

  # One program each, so that an image carries nothing of the other. makeBinaryWrapper: no shell.
  program =
    name: script:
    pkgs.runCommand "docuvault-${name}-${pins.version}"
      {
        nativeBuildInputs = [ pkgs.makeBinaryWrapper ];
        meta = common.meta // {
          mainProgram = name;
        };
      }
      ''
        install -D ${programs}/bin/${name} $out/libexec/${name}
        ${script}
      '';

  server = program "server" ''
    mkdir -p $out/share
    cp -r ${site} $out/share/docuvault
    makeWrapper $out/libexec/server $out/bin/server \
      --set-default LEPTOS_OUTPUT_NAME ${leptos.output-name} \
      --set-default LEPTOS_SITE_ROOT $out/share/docuvault/site \
      --set-default LEPTOS_SITE_PKG_DIR ${leptos.site-pkg-dir} \
      --set-default LEPTOS_HASH_FILES true \
      --set-default LEPTOS_HASH_FILE_NAME $out/share/docuvault/hash.txt
  '';

  tesseract = pkgs.tesseract.override {
    enableLanguages = [
      "deu"
      "eng"
    ];
    # Else a shell starts it.
    makeWrapper = pkgs.makeBinaryWrapper;
  };
  # The program that reads files lies beside the one that works.
  worker = program "worker" ''
    install -D ${programs}/bin/reader $out/libexec/reader
    makeWrapper $out/libexec/worker $out/bin/worker \
      --prefix PATH : ${
        lib.makeBinPath [
          pkgs.poppler-utils
          tesseract
        ]
      }
  '';
in
{
  inherit
    craneLib
    common
    server
    site
    source
    tesseract
    worker
    workspace
    ;
  packages = {
    default = server;
    inherit
      server
      worker
      site
      programs
      ;
    dependencies = nativeDependencies;
    dependencies-browser = browserDependencies;
  };
}
