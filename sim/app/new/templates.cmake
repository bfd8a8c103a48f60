# The files that `herdsim new` writes, built into the program byte for byte. Sets new_templates, the
# source that includes them. Assembled again when a file changes.
set(new_templates ${CMAKE_CURRENT_BINARY_DIR}/new_templates.S)
set(new_folder ${PROJECT_SOURCE_DIR}/sim/app/new/templates)
set(new_files)
set(new_text "    .section .rodata\n")
foreach(file python/herd.py python/grammar.py python/places.py python/wire.py python/scenario.json
    node/herd.js node/grammar.js node/places.js node/wire.js node/scenario.json)
  string(REGEX REPLACE "/(.*)[.].*" "_\\1" name ${file})
  string(APPEND new_text "    .global herdsim_new_${name}\n    .global herdsim_new_${name}_end\n"
    "herdsim_new_${name}:\n    .incbin \"${new_folder}/${file}\"\nherdsim_new_${name}_end:\n"
    "    .byte 0\n")
  list(APPEND new_files ${new_folder}/${file})
endforeach()
string(APPEND new_text "    .section .note.GNU-stack, \"\", %progbits\n")
file(GENERATE OUTPUT ${new_templates} CONTENT "${new_text}")
set_source_files_properties(${new_templates} PROPERTIES OBJECT_DEPENDS "${new_files}")
