// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "connectors/base/base64.h"

using namespace weir;

class TestBase64 : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void both_ways() {
        std::string bytes;
        for (int i = 0; i < 260; ++i) {
            const std::string text = base64_encoded(bytes);
            QCOMPARE(text, QByteArray::fromStdString(bytes).toBase64().toStdString());
            QCOMPARE(base64_decoded(text).value(), bytes);
            QCOMPARE(base64_decoded_strictly(text).value(), bytes);
            bytes += char(i * 7);
        }
    }

    void as_browsers_and_headers_write_it() {
        QCOMPARE(base64_decoded("AP8-_w==").value(), std::string("\0\xFF>\xFF", 4));
        QCOMPARE(base64_decoded("-_8").value(), base64_decoded("+/8=").value());
        for (const char* wrong : {"a", "a b", "a*bc", "AAAAA", "AA=A", "AA\n="})
            QVERIFY2(!base64_decoded(wrong), wrong);
    }

    void strictly_there_is_one_text_for_each_sequence_of_bytes() {
        for (const char* wrong : {"A", "AA", "AAA", "A===", "====", "AA=A",
                                  "AAAA=", "AB==", "AAB=", "AA\n=", "AA-_", "AAAA AAAA"})
            QVERIFY2(!base64_decoded_strictly(wrong), wrong);
    }
};

QTEST_GUILESS_MAIN(TestBase64)
#include "tst_base64.moc"
