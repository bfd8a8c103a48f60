# The files that `herdsim new` writes, byte for byte.
    .section .rodata
    .macro template name, file
    .global herdsim_new_\name
    .global herdsim_new_\name\()_end
herdsim_new_\name:
    .incbin "\file"
herdsim_new_\name\()_end:
    .byte 0
    .endm
    template python_herd, python/herd.py
    template python_grammar, python/grammar.py
    template python_places, python/places.py
    template python_wire, python/wire.py
    template python_scenario, python/scenario.json
    template node_herd, node/herd.js
    template node_grammar, node/grammar.js
    template node_places, node/places.js
    template node_wire, node/wire.js
    template node_scenario, node/scenario.json
    .section .note.GNU-stack, "", %progbits
