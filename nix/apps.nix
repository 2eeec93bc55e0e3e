# `nix run .#load-images`: builds every image and gives it to the Docker on this machine.
{ pkgs, images }:
let
  inherit (pkgs) lib;
  # `docker` is the machine's own.
  load-images = pkgs.writeShellScriptBin "load-images" (
    ''
      set -euo pipefail
      if ! command -v docker >/dev/null; then
        echo "Docker was not found on PATH. Install it, and try again." >&2
        exit 1
      fi
    ''
    + lib.concatMapStrings (image: "${image} | docker load\n") (lib.attrValues images)
  );
in
{
  load-images = {
    type = "app";
    program = lib.getExe load-images;
    meta.description = "Give every image to the Docker on this machine";
  };
}
