// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What a dead letter's text repeats of its event.
#include <QtTest>

#include "models/event/disclosure/quotation.h"

using namespace weir;

class TestQuotation : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void a_value_is_known_as_it_is_and_with_either_escapes() {
        QVERIFY(Quotation("found zanzibar here").repeats("zanzibar"));
        QVERIFY(Quotation("found \"J\\u00fcrgen M\\u00FCller\"").repeats("Jürgen Müller"));
        QVERIFY(Quotation("found \"say \\\"hi\\\"\"").repeats("say \"hi\""));
        QVERIFY(!Quotation("found sansibar").repeats("zanzibar"));
    }

    void what_is_no_escape_stays() {
        const Quotation path("in C:\\users\\qed \\u12 and \\");
        QVERIFY(path.repeats("C:\\users\\qed"));
        QVERIFY(path.repeats("\\u12 and \\"));
    }

    void short_values_count_only_if_they_are_all_of_it() {
        QVERIFY(Quotation("40").repeats("40"));
        QVERIFY(Quotation("\"40\"").repeats("40"));
        QVERIFY(!Quotation("at least 40").repeats("40"));
        QVERIFY(!Quotation("").repeats(""));
    }

    void of_long_values_their_beginning_counts() {
        const std::string value = "a value of more than so many bytes as are shown of it";
        const Quotation cut("found " + value.substr(0, 30) + "…");
        QVERIFY(cut.is_cut());
        QVERIFY(cut.repeats(value));
        QVERIFY(!Quotation("found a value").is_cut());
    }
};

QTEST_GUILESS_MAIN(TestQuotation)
#include "tst_quotation.moc"
