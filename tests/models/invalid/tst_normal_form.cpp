// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Free text by its normal form, pointers without numbers, and what is known of reasons.
#include <QtTest>

#include "models/contract/violation.h"
#include "models/event/json/utf8.h"
#include "models/invalid/normal_form.h"
#include "models/invalid/reason_facts.h"

using namespace weir;

class TestNormalForm : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void what_differs_from_one_to_the_next_is_left_out_data() {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QByteArray>("form");
        QTest::newRow("number") << QByteArray("no user 4711 in shop")
                                << QByteArray("no user # in shop");
        QTest::newRow("uuid") << QByteArray("event 6f9619ff-8b86-d011-b42d-00c04fc964ff is late")
                              << QByteArray("event # is late");
        QTest::newRow("decimal") << QByteArray("took 1.5 s, limit 1.")
                                 << QByteArray("took # s, limit #.");
        QTest::newRow("address") << QByteArray("mail to bob@shop.example failed.")
                                 << QByteArray("mail to # failed.");
        QTest::newRow("link") << QByteArray("GET https://shop.example/a?b: refused")
                              << QByteArray("GET #?b: refused");
        QTest::newRow("host") << QByteArray("connect db-1:5432: refused")
                              << QByteArray("connect #: refused");
        QTest::newRow("quotes") << QByteArray("unknown column 'price' in \"orders\"")
                                << QByteArray("unknown column '…' in \"…\"");
        QTest::newRow("apostrophe")
            << QByteArray("can't read user's cart") << QByteArray("can't read user's cart");
        QTest::newRow("spaces") << QByteArray("  a\n\t b  ") << QByteArray("a b");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("not UTF-8") << QByteArray("bad \xff byte") << QByteArray("bad ? byte");
        QTest::newRow("words") << QByteArray("größer als erlaubt")
                               << QByteArray("größer als erlaubt");
    }
    void what_differs_from_one_to_the_next_is_left_out() {
        QFETCH(QByteArray, message);
        QFETCH(QByteArray, form);
        QCOMPARE(QByteArray::fromStdString(normal_form(message.toStdString())), form);
    }

    void a_long_message_is_cut_between_characters() {
        std::string text;
        while (text.size() < 1'000'000)
            text += "ä ";
        const std::string form = normal_form(text);
        QVERIFY(form.size() <= message_bytes_max + 3);
        QVERIFY(is_utf8(form));
        QVERIFY(form.ends_with("…"));
    }

    void pointers_lose_the_numbers_of_elements() {
        QCOMPARE(general_pointer("/items/3/sku"), std::string("/items/*/sku"));
        QCOMPARE(general_pointer("/items/12"), std::string("/items/*"));
        QCOMPARE(general_pointer("/a1/2b"), std::string("/a1/2b"));
        QCOMPARE(general_pointer(""), std::string());
        QCOMPARE(general_pointer("/"), std::string("/"));
        QCOMPARE(general_pointer("no pointer"), std::string("no pointer"));
    }

    void every_reason_has_a_remedy_and_snowplows_are_judged_as_documented() {
        for (const std::string& reason : violation_reasons())
            QVERIFY2(!reason_facts(reason).remedy.empty(), reason.c_str());
        QCOMPARE(reason_facts("pattern").recoverable, Recoverable::Yes);
        QCOMPARE(reason_facts("not_json").recoverable, Recoverable::No);
        for (const char* lost :
             {"size_violation", "loader_parsing_error", "relay_failure", "generic_error"})
            QCOMPARE(reason_facts(lost).recoverable, Recoverable::No);
        for (const char* bots : {"adapter_failures", "collector_payload_format_violation",
                                 "tracker_protocol_violations"})
            QVERIFY(reason_facts(bots).mostly_bots);
        QVERIFY(!reason_facts("schema_violations").mostly_bots);
        QCOMPARE(reason_facts("TimeoutException").recoverable, Recoverable::Yes);
        QCOMPARE(reason_facts("what is this").recoverable, Recoverable::Unknown);
    }
};

QTEST_GUILESS_MAIN(TestNormalForm)
#include "tst_normal_form.moc"
