// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/stage_workspace.h"

#include <QFile>

#include <algorithm>

namespace weir::test {

std::string json(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string write_stage_workspace(const QDir& folder, const StageOnBroker& stage) {
    const std::string text =
        json("{'weir':{'version':1,'least_reader':1},'name':'Shop','connections':[{'name':'k',"
             "'kind':'kafka','environment':'sandbox','address':'" +
             stage.address + "'}],'stages':[{'name':'deduplicate','inputs':['" + stage.input +
             "'],'outputs':['" + stage.output + "']" + stage.more + "}]}");
    const QString file = folder.filePath(QStringLiteral("shop.weir.json"));
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly) ||
        out.write(text.data(), static_cast<qint64>(text.size())) < 0)
        qFatal("the workspace could not be written");
    return file.toStdString();
}

} // namespace weir::test
