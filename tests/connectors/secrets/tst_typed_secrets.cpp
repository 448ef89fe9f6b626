// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is typed in is had back by its reference, which says nothing of it.
#include <QtTest>

#include "connectors/secrets/secrets.h"
#include "connectors/secrets/typed_secrets.h"
#include "tests/support/verify.h"

using namespace weir;

class TestTypedSecrets : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void one_is_had_back_by_a_reference_that_says_nothing() {
        const SecretRef one = keep_typed("s3cret");
        const SecretRef other = keep_typed("another");
        QCOMPARE(keep_typed("s3cret").text, one.text);
        QVERIFY(one.text != other.text);
        QVERIFY(one.text.find("s3cret") == std::string::npos);
        QCOMPARE(resolve_secret(one, {}).value(), std::string("s3cret"));
        QVERIFY(!typed_secret({"env:s3cret"}));
    }

    void the_oldest_goes_and_its_reference_is_one_to_nothing() {
        const SecretRef first = keep_typed("first");
        for (std::size_t i = 0; i < typed_secrets_max; ++i)
            QVERIFY(!keep_typed("later " + std::to_string(i)).empty());
        QVERIFY(!typed_secret(first));
        VERIFY_ERROR(resolve_secret(first, {}), ErrorCode::Config);
    }
};

QTEST_GUILESS_MAIN(TestTypedSecrets)
#include "tst_typed_secrets.moc"
