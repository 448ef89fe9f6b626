// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// labels: window
//
// Numbers have a point whatever the user's locale is: what C functions read and write for Weir is
// JSON, filters and settings, not prose.
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <cstdio>
#include <cstdlib>

#include "app/gui/application.h"

using namespace weir;

class LocaleTest : public QObject {
    Q_OBJECT
  private Q_SLOTS:
    void numbers_have_a_point_where_the_locale_has_a_comma() {
        QProcess process;
        const QTemporaryDir locales;
        process.start(QStringLiteral("localedef"),
                      {QStringLiteral("-i"), QStringLiteral("de_DE"), QStringLiteral("-f"),
                       QStringLiteral("UTF-8"), locales.filePath(QStringLiteral("de_DE.UTF-8"))});
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
        QProcessEnvironment german = QProcessEnvironment::systemEnvironment();
        german.insert(QStringLiteral("LOCPATH"), locales.path());
        german.insert(QStringLiteral("LC_ALL"), QStringLiteral("de_DE.UTF-8"));
        process.setProcessEnvironment(german);
        for (const auto& [who, said] : {std::pair("--qt", "1,5 "), std::pair("--weir", "1.5 ")}) {
            process.start(QCoreApplication::applicationFilePath(), {QLatin1String(who)});
            QVERIFY(process.waitForFinished(60'000));
            const QByteArray out = process.readAllStandardOutput();
            QVERIFY2(out.startsWith(said), out); // of Qt alone: that the locale is there at all
        }
    }
};

int main(int argc, char** argv) {
    const auto speak = [] {
        std::printf("%g %g\n", 1.5, std::strtod("2.5", nullptr));
        std::fflush(stdout); // a leak check at the end may leave without it
        return 0;
    };
    if (argc > 1 && qstrcmp(argv[1], "--qt") == 0) {
        const QApplication application(argc, argv);
        return speak();
    }
    const Application application(argc, argv);
    if (argc > 1 && qstrcmp(argv[1], "--weir") == 0)
        return speak();
    LocaleTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_locale.moc"
