// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Pages of metrics, as a scraper reads them.
#include <QtTest>

#include "connectors/http/open_metrics.h"
#include "tests/support/open_metrics_check.h"

using namespace weir::http;
using namespace weir::test;
using Kind = OpenMetrics::Kind;

class TestOpenMetrics : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void a_page_is_written_as_it_is_read() {
        std::string text;
        OpenMetrics page(text);
        page.family(Kind::Counter, "events", "All of them.");
        page.add({{"stage", "a"}, {"fate", "in"}}, std::uint64_t{3});
        page.family(Kind::Gauge, "lag_messages", "May be less than nothing.", "messages");
        page.add({{"group", "g"}}, std::int64_t{-7});
        page.family(Kind::Summary, "took_seconds", "How long.", "seconds");
        QVERIFY(!page.add_quantile({{"stage", "a"}}, "0.5", -1));
        QVERIFY(page.add_quantile({{"stage", "a"}}, "0.95", 1'234'567));
        page.add_count({{"stage", "a"}}, 9);
        page.single(Kind::Gauge, "open", "Now.", 2);
        page.end();
        QCOMPARE(text, std::string("# TYPE events counter\n"
                                   "# HELP events All of them.\n"
                                   "events_total{stage=\"a\",fate=\"in\"} 3\n"
                                   "# TYPE lag_messages gauge\n"
                                   "# UNIT lag_messages messages\n"
                                   "# HELP lag_messages May be less than nothing.\n"
                                   "lag_messages{group=\"g\"} -7\n"
                                   "# TYPE took_seconds summary\n"
                                   "# UNIT took_seconds seconds\n"
                                   "# HELP took_seconds How long.\n"
                                   "took_seconds{stage=\"a\",quantile=\"0.95\"} 1.234567\n"
                                   "took_seconds_count{stage=\"a\"} 9\n"
                                   "# TYPE open gauge\n"
                                   "# HELP open Now.\n"
                                   "open 2\n"
                                   "# EOF\n"));
        QVERIFY2(OpenMetricsCheck(text).mistake().empty(),
                 OpenMetricsCheck(text).mistake().c_str());
    }

    void whatever_a_name_holds_the_page_stays_whole() {
        std::string text;
        OpenMetrics page(text);
        page.family(Kind::Gauge, "lag", "A \"help\" with \\ and\na second line.");
        const std::string names[] = {"a\"b",       "c\\d", "e\nf",
                                     "g\xff\xfeh", "ü",    "{x=\"1\"} 2\n# EOF"};
        for (const std::string& name : names)
            QVERIFY(page.add({{"group", name}}, std::uint64_t{1}));
        page.end();
        const OpenMetricsCheck check(text);
        QVERIFY2(check.mistake().empty(), check.mistake().c_str());
        QCOMPARE(check.value("lag{group=\"a\\\"b\"}"), std::string("1"));
        QCOMPARE(check.value("lag{group=\"c\\\\d\"}"), std::string("1"));
        QCOMPARE(check.value("lag{group=\"e\\nf\"}"), std::string("1"));
        QCOMPARE(check.value("lag{group=\"ü\"}"), std::string("1"));
        QCOMPARE(check.samples().size(), std::size_t{6});
    }

    void one_sample_is_there_once() {
        std::string text;
        OpenMetrics page(text);
        page.family(Kind::Gauge, "lag", "By group.");
        QVERIFY(page.add({{"group", "a\xff"}}, std::uint64_t{1}));
        QVERIFY(!page.add({{"group", "a\xfe"}}, std::uint64_t{2})); // reads the same
        QVERIFY(page.add({{"group", "a"}, {"topic", ""}}, std::uint64_t{3}));
        QVERIFY(!page.add({{"group", "a"}}, std::uint64_t{4})); // an empty label is none
        page.family(Kind::Gauge, "other", "By group, too.");
        QVERIFY(page.add({{"group", "a"}}, std::uint64_t{5}));
        page.end();
        const OpenMetricsCheck check(text);
        QVERIFY2(check.mistake().empty(), check.mistake().c_str());
        QCOMPARE(check.value("lag{group=\"a\"}"), std::string("3"));
        QCOMPARE(check.value("other{group=\"a\"}"), std::string("5"));
    }

    void millionths_are_exact() {
        std::string text;
        OpenMetrics page(text);
        page.family(Kind::Gauge, "s", "Seconds.");
        page.add_micro({{"of", "0"}}, 0);
        page.add_micro({{"of", "1"}}, 1);
        page.add_micro({{"of", "-1"}}, -1);
        page.add_micro({{"of", "long"}}, 1'700'000'000'000'001);
        page.end();
        const OpenMetricsCheck check(text);
        QCOMPARE(check.value("s{of=\"0\"}"), std::string("0.000000"));
        QCOMPARE(check.value("s{of=\"1\"}"), std::string("0.000001"));
        QCOMPARE(check.value("s{of=\"-1\"}"), std::string("-0.000001"));
        QCOMPARE(check.value("s{of=\"long\"}"), std::string("1700000000.000001"));
    }

    void what_no_scraper_would_take_is_seen_data() {
        QTest::addColumn<QString>("page");
        const auto row = [](const char* name, const char* page) {
            QTest::newRow(name) << QString::fromUtf8(page);
        };
        row("no end", "# TYPE a gauge\na 1\n");
        row("something behind the end", "# TYPE a gauge\na 1\n# EOF\n\n");
        row("a counter without total", "# TYPE a counter\na 1\n# EOF\n");
        row("a family twice", "# TYPE a gauge\na 1\n# TYPE a gauge\na{b=\"1\"} 1\n# EOF\n");
        row("a sample twice", "# TYPE a gauge\na 1\na 2\n# EOF\n");
        row("an escape that is none", "# TYPE a gauge\na{b=\"\\t\"} 1\n# EOF\n");
        row("a quote too many", "# TYPE a gauge\na{b=\"c\"d\"} 1\n# EOF\n");
        row("another unit", "# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n");
        row("not together", "# TYPE a summary\na{b=\"1\",quantile=\"0.5\"} 1\n"
                            "a{b=\"2\",quantile=\"0.5\"} 1\na_count{b=\"1\"} 1\n# EOF\n");
    }
    void what_no_scraper_would_take_is_seen() {
        QFETCH(QString, page);
        QVERIFY(!OpenMetricsCheck(page.toStdString()).mistake().empty());
    }
};

QTEST_GUILESS_MAIN(TestOpenMetrics)
#include "tst_open_metrics.moc"
