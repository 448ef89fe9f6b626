// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// How each text begins and ends that a pattern fits.
#include <QtTest>

#include "models/contract/schema/pattern_literals.h"

using weir::schema::literal_beginning, weir::schema::literal_end;

class TestPatternLiterals : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_is_certain_is_told_and_no_more_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("beginning");
        const auto row = [](const char* pattern, const char* beginning) {
            QTest::newRow(pattern) << QString::fromUtf8(pattern) << QString::fromUtf8(beginning);
        };
        row("^utm_[a-z]+$", "utm_");
        row("^customer-\\d+$", "customer-");
        row("^https:\\/\\/shop\\.example/", "https://shop.example/");
        row("^ab+c", "ab");
        row("^ab?c", "a"); // perhaps "ac"
        row("^ab*c", "a"); // perhaps "ac"
        row("^ab{0,2}", "a");
        row("^zoë?", "zo"); // a letter of two bytes
        row("^utm$", "utm");
        row("^a|b", ""); // perhaps "b"
        row("utm_", ""); // anywhere
        row("^(a)", "");
        row("", "");
    }
    void what_is_certain_is_told_and_no_more() {
        QFETCH(QString, pattern);
        QFETCH(QString, beginning);
        QCOMPARE(QString::fromStdString(literal_beginning(pattern.toStdString())), beginning);
    }

    void so_it_is_of_the_end_data() {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("end");
        const auto row = [](const char* pattern, const char* end) {
            QTest::newRow(pattern) << QString::fromUtf8(pattern) << QString::fromUtf8(end);
        };
        row("^[a-z.0-9]+@corp\\.example$", "@corp.example");
        row("^utm$", "utm");
        row("\\d+-x$", "-x");
        row("[a\\]b]c$", "c");
        row("a{2}bc$", "bc");
        row("ab?c$", "c"); // perhaps "ac"
        row("ab+$", "");
        row("(abc)$", "");
        row("a|b$", "");   // perhaps "a"
        row("abc", "");    // anywhere
        row("abc\\$", ""); // the dollar itself, anywhere
        row("", "");
    }
    void so_it_is_of_the_end() {
        QFETCH(QString, pattern);
        QFETCH(QString, end);
        QCOMPARE(QString::fromStdString(literal_end(pattern.toStdString())), end);
    }
};

QTEST_APPLESS_MAIN(TestPatternLiterals)
#include "tst_pattern_literals.moc"
