// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "connectors/kafka/login/scram.h"
#include "connectors/kafka/login/scram_message.h"
#include "tests/support/verify.h"

using namespace weir;
using namespace weir::kafka;

namespace {

std::shared_ptr<ScramKeys> keys(ScramHash hash, const char* user, const char* password) {
    auto made = std::make_shared<ScramKeys>();
    made->hash = hash;
    made->user = user;
    made->password = password;
    return made;
}

const char* const nonce = "rOprNGfwEbeRWgbNEkqO";
const std::string challenge = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                              "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=";

} // namespace

class TestScram : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void the_example_of_rfc_7677() {
        ScramClient client(keys(ScramHash::Sha256, "user", "pencil"), nonce);
        QCOMPARE(client.client_first(), std::string("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"));
        const auto final = client.client_final(challenge + "4096");
        VERIFY_OK(final);
        QCOMPARE(*final, std::string("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                                     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="));
        VERIFY_OK(client.check("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        VERIFY_ERROR(client.check("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5="),
                     ErrorCode::Corrupt); // its last bits belong to no byte
        VERIFY_ERROR(client.check("v=7rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
                     ErrorCode::Authentication);
        VERIFY_ERROR(client.check("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl9"),
                     ErrorCode::Authentication);
        VERIFY_ERROR(client.check("e=invalid-proof"), ErrorCode::Authentication);
    }

    /// There is no published example of SHA-512; this one was computed with Python's hashlib.
    void sha_512_with_names_that_are_escaped_and_a_password_beyond_ascii() {
        const auto who = keys(ScramHash::Sha512, "a,b=c", "gr\xc3\xbcn,=pencil");
        ScramClient client(who, nonce);
        QCOMPARE(client.client_first(), std::string("n,,n=a=2Cb=3Dc,r=rOprNGfwEbeRWgbNEkqO"));
        QCOMPARE(client.client_final(challenge + "8192").value(), std::string()); // a slice
        const auto final = client.client_final(challenge + "8192");
        VERIFY_OK(final);
        QCOMPARE(*final,
                 std::string("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                             "p=IKQRYt1CI5sTxBSQv+gFFzEqSB3ckX1d0PcApj3lhEW3wIy4fTa3lsvXYJBd"
                             "WL40Hrc5ubhuDzA+j9sVDpIdTQ=="));
        VERIFY_OK(
            client.check("v=zTJf9NsHiKovSzkZz+J5XDYsSbtTvGwy1QUC2fVuUbexhpwt/sg/XZcUqx5RaCtiAe"
                         "vfMIPUWsmRDNsIQa1Wxg=="));
        // The next login finds the salted password, and is as right.
        ScramClient again(who, nonce);
        QCOMPARE(again.client_final(challenge + "8192").value(), *final);
        // Another number of iterations is another key.
        QVERIFY(again.client_final(challenge + "4096").value() != *final);
    }

    void a_nonce_is_never_the_same() {
        const auto one = ScramClient::fresh_nonce();
        VERIFY_OK(one);
        QCOMPARE(one->size(), 32u);
        QVERIFY(one->find(',') == std::string::npos);
        QVERIFY(*one != ScramClient::fresh_nonce().value());
    }

    void a_challenge_that_is_not_ours() {
        ScramClient client(keys(ScramHash::Sha256, "user", "pencil"), nonce);
        const char* const rest = ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        for (const char* theirs : {"another", "rOprNGfwEbeRWgbNEkqO", "rOprNGfwEbeRWgbNEkqP%hvYDp"})
            VERIFY_ERROR(client.client_final("r=" + std::string(theirs) + rest),
                         ErrorCode::Refused);
    }

    void iterations_have_bounds() {
        for (const char* good : {"4096", "1000000"})
            VERIFY_OK(parse_server_first(challenge + good));
        for (const char* bad : {"4095", "1", "1000001", "999999999", "99999999999999999999"})
            VERIFY_ERROR(parse_server_first(challenge + bad), ErrorCode::Refused);
        for (const char* none : {"", "-4096", "+4096", "04096", "0", "4096x", " 4096", "0x1000"})
            VERIFY_ERROR(parse_server_first(challenge + none), ErrorCode::Corrupt);
    }

    void what_is_not_the_grammar_is_refused() {
        const std::string salt = "s=W22ZaJ0SNY7soEsUEjb6gQ==";
        const std::string messages[] = {"",
                                        ",",
                                        "r",
                                        "r=",
                                        "r=x",
                                        "r=x," + salt,
                                        "r=x,i=4096," + salt,
                                        salt + ",r=x,i=4096",
                                        "r=," + salt + ",i=4096",
                                        "r=x,s=,i=4096",
                                        "r=x,s=W22Z*J0SNY7soEsUEjb6gQ==,i=4096",
                                        "r=x," + salt + ",i=4096,",
                                        "m=ext,r=x," + salt + ",i=4096",
                                        "r=x," + salt + ",i=4096,m=ext",
                                        "r=a b," + salt + ",i=4096",
                                        std::string("r=a\0b,", 6) + salt + ",i=4096",
                                        "r=\xc3\xbc," + salt + ",i=4096",
                                        "r=" + std::string(1025, 'x') + "," + salt + ",i=4096"};
        for (const std::string& message : messages)
            VERIFY_ERROR(parse_server_first(message), ErrorCode::Corrupt);
        VERIFY_OK(parse_server_first("r=x," + salt + ",i=4096,z=an extension"));
        VERIFY_ERROR(parse_server_first("r=x," + salt + ",i=4096,z=" + std::string(9000, 'x')),
                     ErrorCode::TooLarge);
        for (const char* message : {"", "v", "v=", "v=?", "e=", "e=two words", "x=1", "=,"})
            VERIFY_ERROR(parse_server_final(message), ErrorCode::Corrupt);
        QCOMPARE(parse_server_final("e=other-error,z=1")->error, std::string("other-error"));
    }
};

QTEST_GUILESS_MAIN(TestScram)
#include "tst_scram.moc"
