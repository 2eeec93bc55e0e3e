# The images that docker-compose.yml runs: a function of the packages it is given. The scripts that
# start them are in deploy/, the same for every way of making images.
{
  lib,
  pkgs,
  server,
  worker,
  version,
  revision,
  # Where this code is published. Whoever runs a changed vault for others names their own.
  source ? "https://example.org/docuvault",
}:
let
  second = 1000000000;

  # What runs: no name, no password, no home but an empty one.
  account =
    user: id:
    pkgs.runCommand "account-${user}" { } ''
      mkdir -p $out/etc
      echo "${user}:x:${toString id}:${toString id}::/:/sbin/nologin" >$out/etc/passwd
      echo "${user}:x:${toString id}:" >$out/etc/group
    '';

  # The start and the health check of a service that needs preparation; they ask for a shell.
  scripts =
    name:
    pkgs.runCommand "scripts-${name}" { } ''
      install -D ${../deploy + "/${name}/entrypoint.sh"} $out/bin/entrypoint
      install -D ${../deploy + "/${name}/healthcheck.sh"} $out/bin/healthcheck
    '';
  caddyfile = pkgs.runCommand "caddyfile" { } ''
    install -D ${../deploy/proxy/healthcheck.sh} $out/bin/healthcheck
    install -D -m 644 ${../deploy/proxy/Caddyfile} $out/etc/caddy/Caddyfile
  '';

  # Layers are shared: a package that two images have is stored once. Nothing says when it was made.
  image =
    {
      name,
      title,
      user,
      id,
      contents,
      entrypoint ? [ "/bin/entrypoint" ],
      healthcheck ? [ "/bin/healthcheck" ],
      port ? null,
      volume ? null,
      stopSignal ? "SIGTERM",
      env ? [ ],
    }:
    pkgs.dockerTools.streamLayeredImage {
      name = "docuvault-${name}";
      tag = version;
      contents = contents ++ [ (account user id) ];
      # A new volume takes the owner of the folder that it is put over.
      fakeRootCommands = ''
        mkdir -m 1777 tmp
      ''
      + lib.optionalString (volume != null) ''
        mkdir -p .${volume}
        chown ${toString id}:${toString id} .${volume}
        chmod 700 .${volume}
      '';
      config = {
        User = "${toString id}:${toString id}";
        Entrypoint = entrypoint;
        WorkingDir = "/tmp";
        Env = [
          "PATH=/bin"
          "TMPDIR=/tmp"
        ]
        ++ env;
        StopSignal = stopSignal;
        Healthcheck = {
          Test = [ "CMD" ] ++ healthcheck;
          Interval = 5 * second;
          Timeout = 4 * second;
          StartPeriod = 60 * second;
          Retries = 6;
        };
        Labels = {
          "org.opencontainers.image.title" = title;
          "org.opencontainers.image.version" = version;
          "org.opencontainers.image.revision" = revision;
          "org.opencontainers.image.source" = source;
          "org.opencontainers.image.licenses" = "AGPL-3.0-or-later";
        };
      }
      // lib.optionalAttrs (port != null) { ExposedPorts."${toString port}/tcp" = { }; }
      // lib.optionalAttrs (volume != null) { Volumes.${volume} = { }; };
    };

  # Mail, managed stores and providers are reached over TLS.
  certificates = pkgs.dockerTools.caCertificates;

  # PDF files that don't bring their fonts are drawn with these.
  fonts = pkgs.runCommand "fonts" { } ''
    install -D ${
      pkgs.makeFontsConf { fontDirectories = [ pkgs.dejavu_fonts.minimal ]; }
    } $out/etc/fonts/fonts.conf
  '';

  roles = pkgs.runCommand "roles" { } ''
    mkdir -p $out/etc/docuvault
    cp ${../deploy/postgres/init-roles.sh} $out/etc/docuvault/init-roles.sh
    cp ${../deploy/postgres/roles.sql} $out/etc/docuvault/roles.sql
  '';
in
lib.mapAttrs (name: of: image (of // { inherit name; })) {
  postgres = {
    title = "DocuVault: PostgreSQL with its two roles";
    user = "postgres";
    id = 10002;
    contents = [
      pkgs.postgresql_17
      pkgs.busybox
      roles
      (scripts "postgres")
    ];
    port = 5432;
    volume = "/var/lib/postgresql";
    # Fast: ends connections instead of waiting for them.
    stopSignal = "SIGINT";
  };

  redis = {
    title = "DocuVault: Redis";
    user = "redis";
    id = 10003;
    contents = [
      pkgs.redis
      pkgs.busybox
      (scripts "redis")
    ];
    port = 6379;
    volume = "/var/lib/redis";
  };

  minio = {
    title = "DocuVault: MinIO with its bucket";
    user = "minio";
    id = 10004;
    contents = [
      pkgs.minio
      pkgs.minio-client
      pkgs.busybox
      (scripts "minio")
    ];
    port = 9000;
    volume = "/var/lib/minio";
  };

  garage = {
    title = "DocuVault: Garage with its bucket";
    user = "garage";
    id = 10005;
    contents = [
      pkgs.garage_2
      pkgs.busybox
      (scripts "garage")
    ];
    port = 9000;
    volume = "/var/lib/garage";
  };

  server = {
    title = "DocuVault: web server";
    user = "docuvault";
    id = 10001;
    contents = [
      server
      certificates
    ];
    entrypoint = [ "/bin/server" ];
    healthcheck = [
      "/bin/server"
      "healthcheck"
    ];
    port = 8000;
    env = [ "LISTEN=0.0.0.0:8000" ];
  };

  worker = {
    title = "DocuVault: worker";
    user = "docuvault";
    id = 10001;
    contents = [
      worker
      certificates
      fonts
    ];
    entrypoint = [ "/bin/worker" ];
    healthcheck = [
      "/bin/worker"
      "healthcheck"
    ];
    # The health check asks there.
    env = [ "WORKER_METRICS_BIND=127.0.0.1:9101" ];
  };

  proxy = {
    title = "DocuVault: the proxy of the profile scale";
    user = "proxy";
    id = 10006;
    contents = [
      pkgs.caddy
      pkgs.busybox
      caddyfile
    ];
    entrypoint = [
      "/bin/caddy"
      "run"
      "--config"
      "/etc/caddy/Caddyfile"
      "--adapter"
      "caddyfile"
    ];
    port = 8080;
    env = [
      "XDG_DATA_HOME=/tmp"
      "XDG_CONFIG_HOME=/tmp"
    ];
  };
}
