# `nix develop`: every tool at the version that the lock names; `make run` and `make test` use them
# and install nothing, but for Schemathesis, which nixpkgs does not have.
{
  pkgs,
  pins,
  rust,
  treefmt,
  ...
}:
let
  inherit (pkgs) lib;

  # The driver of the browser tests at the version of scripts/setup, with nixpkgs' Node: the one in
  # the wheel does not start on NixOS.
  playwrightDriver =
    pkgs.runCommand "playwright-driver-1.64.1"
      {
        nativeBuildInputs = [ pkgs.unzip ];
        wheel = pkgs.fetchPypi {
          pname = "playwright";
          version = "1.64.1";
          format = "wheel";
          python = "py3";
          dist = "py3";
          platform = "manylinux1_x86_64";
          hash = "sha256-V3uNiHeMJFz70UWuF89TBE8ISxtGxVxpCB1AadVgV+I=";
        };
      }
      ''
        unzip -q $wheel 'playwright/driver/package/*'
        mkdir $out
        mv playwright/driver/package $out/package
        ln -s ${lib.getExe pkgs.nodejs} $out/node
      '';

  # The rules of accessibility, as scripts/setup takes them.
  axe =
    pkgs.runCommand "axe.min.js"
      {
        nativeBuildInputs = [ pkgs.unzip ];
        wheel = pkgs.fetchPypi {
          pname = "axe_playwright_python";
          version = "0.1.8";
          format = "wheel";
          python = "py3";
          dist = "py3";
          hash = "sha256-/dJjyZg4jxqOZ8rQJnfmEtlGJIvUTRY75ehlDqMflfg=";
        };
      }
      ''
        unzip -q -p $wheel axe_playwright_python/axe.min.js >$out
      '';
in
rust.craneLib.devShell {
  packages = [
    treefmt.wrapper
    (pins.wasmBindgenCli pkgs)
    rust.tesseract
  ]
  ++ (with pkgs; [
    binaryen
    cargo-deny
    cargo-leptos
    cargo-nextest
    chromium
    garage_2
    gnumake
    lld
    pkg-config
    poppler-utils
    postgresql_17
    python3
    redis
    sqlx-cli
  ]);
  # The client of the browser's driver links it.
  buildInputs = [ pkgs.openssl ];

  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER = "wasm-ld";
  PLAYWRIGHT_DRIVER_PATH = playwrightDriver;
  DOCUVAULT_AXE = axe;
  # Tells scripts/setup that there is nothing to install.
  DOCUVAULT_TOOLS = "complete";
}
