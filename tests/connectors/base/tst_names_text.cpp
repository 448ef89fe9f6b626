// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>

#include "connectors/base/names_text.h"

using namespace weir;

class TestNamesText : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void what_there_is_is_named() {
        QCOMPARE(names_text({}), std::string());
        QCOMPARE(names_text({"orders"}), std::string("orders"));
        QCOMPARE(names_text({"orders", "users"}), std::string("orders, users"));
    }

    void of_many_the_first_ten_are_named_and_the_rest_counted() {
        std::vector<std::string> names;
        for (char name = 'a'; name <= 'j'; ++name)
            names.emplace_back(1, name);
        QCOMPARE(names_text(names), std::string("a, b, c, d, e, f, g, h, i, j"));
        names.insert(names.end(), {"k", "l", "m"});
        QCOMPARE(names_text(names), std::string("a, b, c, d, e, f, g, h, i, j and 3 more"));
    }
};

QTEST_APPLESS_MAIN(TestNamesText)
#include "tst_names_text.moc"
