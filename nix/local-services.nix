# PostgreSQL, Redis and Garage for a vault on one machine: `nixosModules.local-services`. Their secrets
# are made where they are missing and stay in /var/lib/docuvault-secrets; keep a copy of that folder.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.docuvault;
  secrets = "/var/lib/docuvault-secrets";
  secretNames = [
    "MINIO_ACCESS_KEY"
    "MINIO_SECRET_KEY"
    "REDIS_URL"
    "SECRET_KEY"
  ];

  makeSecrets = pkgs.writeShellScript "make-secrets" ''
    set -eu
    cd ${secrets}
    # random BYTES: as hexadecimal digits
    random() { head -c "$1" /dev/urandom | od -An -tx1 | tr -d ' \n'; }
    # write NAME: what comes in, never half of it.
    write() { cat >"$1.new" && mv "$1.new" "$1"; }
    # keep NAME VALUE: unless it is there.
    keep() { if [ ! -s "$1" ]; then printf '%s' "$2" | write "$1"; fi; }
    keep SECRET_KEY "$(random 32)"
    keep MINIO_ACCESS_KEY "GK$(random 12)"
    keep MINIO_SECRET_KEY "$(random 32)"
    keep REDIS_PASSWORD "$(random 24)"
    printf 'redis://:%s@127.0.0.1:6379/' "$(cat REDIS_PASSWORD)" | write REDIS_URL
    for name in MINIO_ACCESS_KEY MINIO_SECRET_KEY REDIS_PASSWORD; do
      printf '%s=%s\n' "$name" "$(cat "$name")"
    done | write services.env
  '';

  # Redis and Garage start with the scripts of their images.
  store = name: path: environment: {
    description = "DocuVault: ${name}";
    wantedBy = [ "multi-user.target" ];
    requires = [ "docuvault-secrets.service" ];
    after = [ "docuvault-secrets.service" ];
    path = path ++ [ pkgs.busybox ];
    inherit environment;
    serviceConfig = import ./walls.nix // {
      ExecStart = "${pkgs.busybox}/bin/sh ${../deploy + "/${name}/entrypoint.sh"}";
      EnvironmentFile = "${secrets}/services.env";
      StateDirectory = "docuvault-${name}";
      StateDirectoryMode = "0700";
      Restart = "always";
      RestartSec = 2;
    };
  };
in
{
  config = lib.mkIf cfg.enable {
    services.docuvault = {
      settings = {
        # Over the socket, where PostgreSQL knows who asks: no password.
        DATABASE_URL = lib.mkDefault "postgres:///docuvault?host=/run/postgresql&user=docuvault_app";
        DATABASE_MIGRATE_URL = lib.mkDefault "postgres:///docuvault?host=/run/postgresql&user=docuvault_migrate";
        MINIO_ENDPOINT = lib.mkDefault "http://127.0.0.1:9000";
      };
      credentials = lib.genAttrs secretNames (name: lib.mkDefault "${secrets}/${name}");
      after = [
        "docuvault-garage.service"
        "docuvault-redis.service"
        "docuvault-roles.service"
      ];
    };

    services.postgresql = {
      enable = true;
      package = lib.mkOverride 900 pkgs.postgresql_17;
      identMap = ''
        docuvault docuvault docuvault_app
        docuvault docuvault-migrate docuvault_migrate
      '';
      authentication = lib.mkBefore ''
        local docuvault docuvault_app,docuvault_migrate peer map=docuvault
      '';
    };

    systemd.services = {
      docuvault-secrets = {
        description = "DocuVault: secrets of the services on this machine";
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          ExecStart = makeSecrets;
          StateDirectory = "docuvault-secrets";
          StateDirectoryMode = "0700";
          UMask = "0077";
        };
      };

      docuvault-roles = {
        description = "DocuVault: the two roles in PostgreSQL";
        requires = [ "postgresql.service" ];
        after = [ "postgresql.service" ];
        path = [ config.services.postgresql.package ];
        # Nobody knows the passwords: both come in over the socket.
        script = ''
          random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
          POSTGRES_APP_PASSWORD="$(random)"
          POSTGRES_MIGRATE_PASSWORD="$(random)"
          export POSTGRES_APP_PASSWORD POSTGRES_MIGRATE_PASSWORD
          export ROLES_DIR=${../deploy/postgres}
          ${pkgs.runtimeShell} $ROLES_DIR/init-roles.sh
        '';
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          User = "postgres";
        };
      };

      docuvault-redis = store "redis" [ pkgs.redis ] {
        LISTEN_ADDRESSES = "127.0.0.1";
        REDIS_DATA = "/var/lib/docuvault-redis";
      };

      docuvault-garage = store "garage" [ pkgs.garage_2 ] {
        LISTEN_ADDRESS = "127.0.0.1:9000";
        GARAGE_DATA = "/var/lib/docuvault-garage";
      };

      # Their credentials are there before they are asked for.
      docuvault-server = {
        requires = [ "docuvault-secrets.service" ];
        after = [ "docuvault-secrets.service" ];
      };
      docuvault-worker = {
        requires = [ "docuvault-secrets.service" ];
        after = [ "docuvault-secrets.service" ];
      };
    };
  };
}
