#!/bin/sh
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the certificates that the broker and the tests use, in the folder given. Nothing here is
# worth protecting: the keys live as long as one test run, on the loopback.
#   ca.pem                            the authority that everybody trusts
#   other-ca.pem                      one that signed nothing
#   broker.pem                        key and certificate for localhost and 127.0.0.1
#   broker-expired.pem                the same, but of the year 2020
#   broker-misnamed.pem               the same, but for kafka.elsewhere.invalid
#   client.{pem,key,p12}              CN=client; client-locked.key has the password "opensesame"
#   client-expired.{pem,key}          of the year 2020
#   stray.{pem,key}                   CN=client, but signed by an authority nobody trusts
# Password of client.p12: opensesame
set -eu
cd "$1"
password=opensesame
ec() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out "$1" 2>/dev/null; }
authority() { # NAME COMMON-NAME
    ec "$1.key"
    openssl req -x509 -new -key "$1.key" -subj "/CN=$2" -days 30 -out "$1.pem" 2>/dev/null
}
issue() { # NAME COMMON-NAME SAN CA [expired]
    ec "$1.key"
    openssl req -new -key "$1.key" -subj "/CN=$2" -out "$1.csr" 2>/dev/null
    printf 'subjectAltName=%s\n' "$3" >"$1.ext"
    if [ "${5:-}" = expired ]; then
        : >"$1.index"
        printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s.index\nnew_certs_dir=.\nrand_serial=yes\n' "$1" >"$1.cnf"
        printf 'default_md=sha256\npolicy=p\nemail_in_dn=no\n[p]\ncommonName=supplied\n' >>"$1.cnf"
        openssl ca -batch -notext -config "$1.cnf" -cert "$4.pem" -keyfile "$4.key" \
            -extfile "$1.ext" -startdate 20200101000000Z -enddate 20200201000000Z \
            -in "$1.csr" -out "$1.pem" 2>/dev/null
        rm -f "$1.cnf" "$1.index"* ./*[0-9A-F][0-9A-F][0-9A-F][0-9A-F].pem
    else
        openssl x509 -req -in "$1.csr" -CA "$4.pem" -CAkey "$4.key" -set_serial "0x$(openssl rand -hex 8)" \
            -days 30 -sha256 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
    fi
    rm -f "$1.csr" "$1.ext"
}
both() { # for Kafka's PEM key stores: key first, then the chain
    cat "$1.key" "$1.pem" >"$1.both"
    mv "$1.both" "$1.pem"
    rm "$1.key"
}
authority ca "Weir test authority"
authority other-ca "Weir other authority"
issue broker localhost "DNS:localhost,IP:127.0.0.1" ca
issue broker-expired localhost "DNS:localhost,IP:127.0.0.1" ca expired
issue broker-misnamed kafka.elsewhere.invalid "DNS:kafka.elsewhere.invalid" ca
issue client client "DNS:client" ca
issue client-expired client "DNS:client" ca expired
issue stray client "DNS:client" other-ca
openssl pkcs12 -export -in client.pem -inkey client.key -certfile ca.pem \
    -passout "pass:$password" -out client.p12
openssl pkcs8 -topk8 -in client.key -passout "pass:$password" -v2 aes-256-cbc -out client-locked.key
both broker
both broker-expired
both broker-misnamed
rm -f ca.key other-ca.key
