# The places that come with the program, byte for byte as the file has them.
    .section .rodata
    .global herdsim_built_in_places
    .global herdsim_built_in_places_end
herdsim_built_in_places:
    .incbin HERDSIM_PLACES_CSV
herdsim_built_in_places_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
